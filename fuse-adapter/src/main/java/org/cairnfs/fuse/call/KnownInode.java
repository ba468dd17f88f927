package org.cairnfs.fuse.call;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.PriorAttributes;

/**
 * An inode that the kernel knows: under which number, how often it was told, and how new its pages of the contents are.
 *
 * <p>Invariants: the kernel's pages, if it has any, are of the {@code change} that is noted here, or newer. It is given pages only while nobody writes
 * through the mount, so they are never older than pages that it has.
 *
 * <p>Threading: {@link #references} is guarded by {@link Inodes}; the rest by the monitor. It is held while the kernel takes pages, which may wait for
 * reads to be answered; so who answers a read, or a write, does without it until then. Nothing else is locked under it.
 */
final class KnownInode {
    private static final long NOTHING = -1;

    private final long number;
    private final FileHandle handle;
    private final WrittenContents written;
    private long cachedChange = NOTHING;
    private int writers;

    /** How often the kernel was told of it and has not forgotten it; 0 when it is known no more. */
    long references;

    /** @param keptInAll bytes that are kept of all files that are being written */
    KnownInode(long number, FileHandle handle, AtomicLong keptInAll) {
        this.number = number;
        this.handle = handle;
        this.written = new WrittenContents(keptInAll);
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

    /** Attributes were changed through the mount, so the kernel knows of it; another change in between leaves the pages old. */
    synchronized void changedHere(long before, long after) {
        written.attributesChanged(before, after);
        follow(before, after);
    }

    /** Data was written through the mount, so the kernel has it. */
    synchronized void writtenHere(PriorAttributes before, long after, long offset, ByteBuffer data) {
        written.written(before, after, offset, data);
        follow(before.change(), after);
    }

    private void follow(long before, long after) {
        if (cachedChange == before) {
            cachedChange = after;
        }
    }

    /** Somebody is about to write, or to change the size, through the mount; until {@link #endsWriting} the kernel is given no pages. */
    synchronized void beginsWriting() {
        writers++;
    }

    /** Such a one is done, and not the last operation of a program: what was kept for the kernel may be wrong. */
    synchronized void endsResizing() {
        writers--;
        written.drop();
    }

    /**
     * Somebody who wrote is done.
     *
     * @param now looks at the attributes; empty if nothing is to be given
     * @param kernel is given what is in the file, if that is known, and the kernel would ask for it
     */
    synchronized void endsWriting(Supplier<Optional<Attributes>> now, Consumer<byte[]> kernel) {
        writers--;
        if (writers > 0 || written.isEmpty()) {
            written.drop();
            return;
        }
        Optional<Attributes> present = now.get();
        if (present.isEmpty() || present.get().change() != cachedChange) {
            written.drop();
            return;
        }
        written.take(present.get()).ifPresent(kernel);
    }

    /** Whether somebody else has changed the file since; then the caller drops the pages, and has to be told so once. */
    synchronized boolean isOutdated(Attributes now) {
        return !keepsPages(now);
    }
}
