package org.cairnfs.core.metadata.row;

import org.cairnfs.core.fs.Name;

/** The primary key of a row; also a tombstone's whole content. One kind for each table. */
public sealed interface RowKey {
    record Inode(long inode) implements RowKey {}

    record Atime(long inode) implements RowKey {}

    record Dirent(long parent, Name name) implements RowKey {}

    record Xattr(long inode, Name name) implements RowKey {}

    record Content(long content) implements RowKey {}

    record Extent(long content, long offset) implements RowKey {}

    record Chunk(long chunk) implements RowKey {}

    record Pack(long pack) implements RowKey {}

    record Orphan(long inode) implements RowKey {}

    record Work(long id) implements RowKey {}

    record Counter(String name) implements RowKey {}

    record Usage(long root) implements RowKey {}

    record Quota(long root) implements RowKey {}

    record Snapshot(long number) implements RowKey {}

    record InodeLock(long inode, long lock) implements RowKey {}

    record TreeLock(long lock) implements RowKey {}

    record Checkpoint(long sequence) implements RowKey {}

    record Trash(long until, long inode) implements RowKey {}
}
