package org.cairnfs.core.metadata;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.metadata.h2.Database;
import org.cairnfs.core.metadata.h2.Ranges;
import org.cairnfs.core.metadata.row.AtimeRow;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeLockRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.KeyColumns;
import org.cairnfs.core.metadata.row.OrphanRow;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.metadata.row.UsageRow;
import org.cairnfs.core.metadata.row.WorkRow;
import org.cairnfs.core.metadata.row.XattrRow;

/**
 * The look-ups of {@link MetadataView}, once for all threads and for the writer's mutations: they differ in how a row is found,
 * on which session a query runs, and in what lies over its result.
 */
abstract class RowView implements MetadataView {
    private static final Overlay NOTHING = new Overlay();

    private final Present present;
    private final Atimes atimes;

    RowView(Present present, Atimes atimes) {
        this.present = present;
        this.atimes = atimes;
    }

    /** The newest image that this view sees. */
    abstract Optional<Row> find(RowKey key);

    /** Runs a query on a session. */
    abstract <T> T query(Database.Query<T> query);

    /** What lies over query results. */
    Overlay overlay() {
        return NOTHING;
    }

    @Override
    public Optional<InodeRow> inode(long inode) {
        return find(new RowKey.Inode(inode)).map(InodeRow.class::cast);
    }

    @Override
    public long atime(InodeRow inode) {
        Long touched = atimes.touched(inode.inode());
        if (touched != null) {
            return touched;
        }
        return find(new RowKey.Atime(inode.inode()))
                .map(row -> ((AtimeRow) row).atime())
                .orElse(inode.btime());
    }

    @Override
    public Optional<DirentRow> dirent(long parent, Name name) {
        return find(new RowKey.Dirent(parent, name)).map(DirentRow.class::cast);
    }

    @Override
    public List<DirentRow> dirents(long parent, long after, int limit) {
        int wanted = wanted(Table.DIRENT, limit);
        return overlay()
                .over(
                        query(session -> Ranges.dirents(session, parent, after, wanted)),
                        Table.DIRENT,
                        DirentRow.class,
                        row -> row.parent() == parent && row.cookie() > after,
                        Comparator.comparingLong(DirentRow::cookie),
                        limit);
    }

    @Override
    public Optional<DirentRow> anyName(long inode) {
        return names(inode, 1).stream().findFirst();
    }

    @Override
    public List<DirentRow> names(long inode, int limit) {
        int wanted = wanted(Table.DIRENT, limit);
        return overlay()
                .over(
                        query(session -> Ranges.names(session, inode, wanted)),
                        Table.DIRENT,
                        DirentRow.class,
                        row -> row.inode() == inode,
                        Comparator.comparingLong(DirentRow::parent).thenComparing(DirentRow::name),
                        limit);
    }

    @Override
    public Optional<XattrRow> xattr(long inode, Name name) {
        return find(new RowKey.Xattr(inode, name)).map(XattrRow.class::cast);
    }

    @Override
    public List<XattrRow> xattrs(long inode) {
        return overlay()
                .over(
                        query(session -> Ranges.xattrs(session, inode)),
                        Table.XATTR,
                        XattrRow.class,
                        row -> row.inode() == inode,
                        Comparator.comparing(XattrRow::name),
                        Integer.MAX_VALUE);
    }

    @Override
    public List<Name> xattrNames(long inode) {
        if (overlay().count(Table.XATTR) > 0) {
            return xattrs(inode).stream().map(XattrRow::name).toList();
        }
        return query(session -> Ranges.xattrNames(session, inode));
    }

    @Override
    public List<ExtentRow> extents(long content, long from, long to, int limit) {
        int wanted = wanted(Table.EXTENT, limit);
        return overlay()
                .over(
                        query(session -> Ranges.extents(session, content, from, to, wanted)),
                        Table.EXTENT,
                        ExtentRow.class,
                        row -> row.content() == content && row.offset() < to && row.end() > from,
                        Comparator.comparingLong(ExtentRow::offset),
                        limit);
    }

    @Override
    public boolean isReferenced(long chunk) {
        return !references(chunk, 1).isEmpty() || isReferencedByHistory(chunk);
    }

    @Override
    public boolean isReferencedByHistory(long chunk) {
        return query(session -> Ranges.historicReferences(session, chunk, 1)) > 0;
    }

    @Override
    public List<ExtentRow> references(long chunk, int limit) {
        int wanted = wanted(Table.EXTENT, limit);
        return overlay()
                .over(
                        query(session -> Ranges.references(session, chunk, wanted)),
                        Table.EXTENT,
                        ExtentRow.class,
                        row -> row.chunk() == chunk,
                        Comparator.comparingLong(ExtentRow::content).thenComparingLong(ExtentRow::offset),
                        limit);
    }

    @Override
    public Optional<ChunkRow> chunk(long chunk) {
        return find(new RowKey.Chunk(chunk)).map(ChunkRow.class::cast);
    }

    @Override
    public Optional<ChunkRow> chunkById(Bytes id) {
        List<Long> candidates = new ArrayList<>();
        for (Optional<Row> image : overlay().count(Table.CHUNK) == 0
                ? List.<Optional<Row>>of()
                : overlay().rows().values()) {
            image.filter(row -> row instanceof ChunkRow chunk && chunk.id().equals(id))
                    .ifPresent(row -> candidates.add(((ChunkRow) row).chunk()));
        }
        present.pendingChunk(id).ifPresent(candidates::add);
        Predicate<ChunkRow> usable = chunk -> chunk.id().equals(id) && chunk.state() == ChunkState.DURABLE;
        Optional<ChunkRow> pending = candidates.stream()
                .flatMap(chunk -> chunk(chunk).stream())
                .filter(usable)
                .findFirst();
        return pending.isPresent()
                ? pending
                : query(session -> Ranges.chunksById(session, id)).stream()
                        .flatMap(chunk -> chunk(chunk).stream())
                        .filter(usable)
                        .findFirst();
    }

    @Override
    public Optional<PackRow> pack(long pack) {
        return find(new RowKey.Pack(pack)).map(PackRow.class::cast);
    }

    @Override
    public <R extends Row> List<R> scan(Class<R> type, Optional<RowKey> after, int limit) {
        Table table = Table.of(type);
        int wanted = wanted(table, limit);
        List<R> found = new ArrayList<>();
        for (Row row : query(session -> Ranges.scan(session, table, after, wanted))) {
            found.add(type.cast(table == Table.INODE ? newestInode(row) : row));
        }
        return overlay()
                .over(
                        found,
                        table,
                        type,
                        row -> after.isEmpty() || KeyColumns.compare(row.key(), after.get()) > 0,
                        Comparator.comparing(Row::key, KeyColumns::compare),
                        limit);
    }

    /** Lazily changed inodes are newer in memory; one whose deletion is not committed yet is still listed. */
    private Row newestInode(Row row) {
        NewestRows.Pin pin = present.newest().pinned(row.key());
        return pin == null ? row : pin.image().orElse(row);
    }

    @Override
    public List<InodeLockRow> locksOf(long inode) {
        return overlay()
                .over(
                        query(session -> Ranges.locksOf(session, inode)),
                        Table.INODE_LOCK,
                        InodeLockRow.class,
                        row -> row.inode() == inode,
                        Comparator.comparingLong(InodeLockRow::lock),
                        Integer.MAX_VALUE);
    }

    @Override
    public List<InodeLockRow> lockedBy(long lock, int limit) {
        int wanted = wanted(Table.INODE_LOCK, limit);
        return overlay()
                .over(
                        query(session -> Ranges.lockedBy(session, lock, wanted)),
                        Table.INODE_LOCK,
                        InodeLockRow.class,
                        row -> row.lock() == lock,
                        Comparator.comparingLong(InodeLockRow::inode),
                        limit);
    }

    @Override
    public List<OrphanRow> orphans() {
        return scan(OrphanRow.class, Optional.empty(), Integer.MAX_VALUE);
    }

    @Override
    public List<WorkRow> works() {
        return scan(WorkRow.class, Optional.empty(), Integer.MAX_VALUE);
    }

    @Override
    public UsageRow usage(long root) {
        return present.usages().of(root);
    }

    @Override
    public long epoch() {
        return present.epochs().present();
    }

    /** So many rows that {@code limit} are left when those that the overlay touches are taken out. */
    private int wanted(Table table, int limit) {
        return (int) Math.min(Integer.MAX_VALUE, (long) limit + overlay().count(table));
    }
}
