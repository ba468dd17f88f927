package org.cairnfs.core.metadata.row;

import java.util.HashMap;
import java.util.Map;

/**
 * The kinds of rows. {@link #id()} is what journal records and checkpoints call a table: never changed, never given to
 * another.
 */
public enum Table {
    INODE(1, InodeRow.class, RowKey.Inode.class, true),
    DIRENT(2, DirentRow.class, RowKey.Dirent.class, true),
    XATTR(3, XattrRow.class, RowKey.Xattr.class, true),
    CONTENT(4, ContentRow.class, RowKey.Content.class, true),
    EXTENT(5, ExtentRow.class, RowKey.Extent.class, true),
    CHUNK(6, ChunkRow.class, RowKey.Chunk.class, false),
    PACK(7, PackRow.class, RowKey.Pack.class, false),
    ATIME(8, AtimeRow.class, RowKey.Atime.class, false),
    ORPHAN(9, OrphanRow.class, RowKey.Orphan.class, false),
    WORK(10, WorkRow.class, RowKey.Work.class, false),
    COUNTER(11, CounterRow.class, RowKey.Counter.class, false),
    USAGE(12, UsageRow.class, RowKey.Usage.class, false),
    QUOTA(13, QuotaRow.class, RowKey.Quota.class, false),
    SNAPSHOT(14, SnapshotRow.class, RowKey.Snapshot.class, false),
    INODE_LOCK(15, InodeLockRow.class, RowKey.InodeLock.class, false),
    TREE_LOCK(16, TreeLockRow.class, RowKey.TreeLock.class, false),
    CHECKPOINT(17, CheckpointRow.class, RowKey.Checkpoint.class, false),
    TRASH(18, TrashRow.class, RowKey.Trash.class, false);

    private static final Map<Class<?>, Table> BY_CLASS = new HashMap<>();
    private static final Table[] BY_ID = new Table[128];

    static {
        for (Table table : values()) {
            BY_CLASS.put(table.row, table);
            BY_CLASS.put(table.key, table);
            BY_ID[table.id] = table;
        }
    }

    private final int id;
    private final Class<? extends Row> row;
    private final Class<? extends RowKey> key;
    private final boolean versioned;

    Table(int id, Class<? extends Row> row, Class<? extends RowKey> key, boolean versioned) {
        this.id = id;
        this.row = row;
        this.key = key;
        this.versioned = versioned;
    }

    /** 1 to 63, stable for ever. */
    public int id() {
        return id;
    }

    /** Whether snapshots keep old images of its rows: they have {@code born}, and a history table. */
    public boolean versioned() {
        return versioned;
    }

    /** The class of its rows. */
    public Class<? extends Row> type() {
        return row;
    }

    public static Table of(Row row) {
        return BY_CLASS.get(row.getClass());
    }

    public static Table of(RowKey key) {
        return BY_CLASS.get(key.getClass());
    }

    /** The table of a row class. */
    public static Table of(Class<? extends Row> row) {
        return BY_CLASS.get(row);
    }

    /**
     * The table with this id.
     *
     * @throws IllegalArgumentException if none has it
     */
    public static Table ofId(int id) {
        Table table = id < 0 || id >= BY_ID.length ? null : BY_ID[id];
        if (table == null) {
            throw new IllegalArgumentException("no table has id " + id);
        }
        return table;
    }
}
