package org.cairnfs.core.metadata.h2;

import java.util.EnumMap;
import java.util.Map;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;

/** The binding of each table. */
final class Bindings {
    private static final Map<Table, TableBinding<?, ?>> BINDINGS = new EnumMap<>(Map.ofEntries(
            Map.entry(Table.INODE, InodeBindings.INODE),
            Map.entry(Table.DIRENT, InodeBindings.DIRENT),
            Map.entry(Table.XATTR, InodeBindings.XATTR),
            Map.entry(Table.CONTENT, DataBindings.CONTENT),
            Map.entry(Table.EXTENT, DataBindings.EXTENT),
            Map.entry(Table.CHUNK, DataBindings.CHUNK),
            Map.entry(Table.PACK, DataBindings.PACK),
            Map.entry(Table.ATIME, InodeBindings.ATIME),
            Map.entry(Table.ORPHAN, InodeBindings.ORPHAN),
            Map.entry(Table.WORK, StateBindings.WORK),
            Map.entry(Table.COUNTER, StateBindings.COUNTER),
            Map.entry(Table.USAGE, StateBindings.USAGE),
            Map.entry(Table.QUOTA, StateBindings.QUOTA),
            Map.entry(Table.SNAPSHOT, StateBindings.SNAPSHOT),
            Map.entry(Table.INODE_LOCK, StateBindings.INODE_LOCK),
            Map.entry(Table.TREE_LOCK, StateBindings.TREE_LOCK),
            Map.entry(Table.CHECKPOINT, StateBindings.CHECKPOINT),
            Map.entry(Table.TRASH, InodeBindings.TRASH)));

    private Bindings() {}

    /** The map pairs each table with the binding of its own types, so what is bound under a table is of them. */
    @SuppressWarnings("unchecked")
    static TableBinding<RowKey, Row> of(Table table) {
        return (TableBinding<RowKey, Row>) BINDINGS.get(table);
    }
}
