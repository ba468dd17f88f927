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
 * <p>Invariants: the kernel's pages, if it has any, are of the {@code change} that is noted here, or newer. It is given pages only while nobody has the
 * file open through the mount, or changes its size: so they replace none that are newer, and no reader holds them locked while it waits for an answer.
 *
 * <p>Threading: {@link #references} is guarded by {@link Inodes}; the rest by the monitor, which is held while the kernel takes pages: that waits for
 * nobody whom this process would have to answer.
 */
final class KnownInode {
    private static final long NOTHING = -1;

    private final long number;
    private final FileHandle handle;
    private final WrittenContents written;
    private long cachedChange = NOTHING;
    private int uses;

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

    /** Somebody is about to open it, or to change its size, through the mount; until {@link #ends} the kernel is given no pages. */
    synchronized void begins() {
        uses++;
    }

    /** What was begun has failed, or was a new size: what was kept for the kernel may be wrong. */
    synchronized void endsWithout() {
        uses--;
        written.drop();
    }

    /**
     * Somebody who had it open has closed it.
     *
     * @param now looks at the attributes; empty if nothing is to be given
     * @param kernel is given what is in the file, if that is known, nobody has it open, and the kernel would ask for it
     */
    synchronized void ends(Supplier<Optional<Attributes>> now, Consumer<byte[]> kernel) {
        uses--;
        if (uses > 0) {
            return;
        }
        if (written.isAsked()) {
            now.get()
                    .filter(present -> present.change() == cachedChange)
                    .flatMap(written::take)
                    .ifPresent(kernel);
        }
        written.drop();
    }

    /** Whether somebody else has changed the file since; then the caller drops the pages, and has to be told so once. */
    synchronized boolean isOutdated(Attributes now) {
        return !keepsPages(now);
    }
}
