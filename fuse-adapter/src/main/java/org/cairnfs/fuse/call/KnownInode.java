package org.cairnfs.fuse.call;

import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.FileHandle;

/**
 * An inode that the kernel knows: under which number, how often it was told, and how new its pages of the contents are.
 *
 * <p>Invariant: the kernel's pages, if it has any, are of the {@code change} that is noted here, or newer.
 *
 * <p>Threading: {@link #references} is guarded by {@link Inodes}; the rest by the monitor, which is a leaf.
 */
final class KnownInode {
    private static final long NOTHING = -1;

    private final long number;
    private final FileHandle handle;
    private long cachedChange = NOTHING;

    /** How often the kernel was told of it and has not forgotten it; 0 when it is known no more. */
    long references;

    KnownInode(long number, FileHandle handle) {
        this.number = number;
        this.handle = handle;
    }

    /** By which the kernel names it. */
    long number() {
        return number;
    }

    FileHandle handle() {
        return handle;
    }

    /**
     * The file is being opened, and the kernel is about to be told whether to keep its pages.
     *
     * @return whether what it has is still so
     */
    synchronized boolean keepsPages(Attributes now) {
        boolean keeps = cachedChange == now.change();
        cachedChange = now.change();
        return keeps;
    }

    /** A change through the mount, of which the kernel knows; another one in between leaves the pages old. */
    synchronized void changedHere(long before, long after) {
        if (cachedChange == before) {
            cachedChange = after;
        }
    }

    /** Whether somebody else has changed the file since; then the caller drops the pages, and has to be told so once. */
    synchronized boolean isOutdated(Attributes now) {
        return !keepsPages(now);
    }
}
