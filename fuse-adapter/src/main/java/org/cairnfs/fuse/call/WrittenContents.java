package org.cairnfs.fuse.call;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.PriorAttributes;

/**
 * All that is in a small file that was written from its beginning through the mount, for as long as it is being written. Of a write that ends within a page
 * the kernel does not believe that page, and would ask for it at the first read; with this it can be given what it has just sent.
 *
 * <p>Invariant: the bytes are those of the file at the {@code change} that is noted here. So what anybody else does to the file, or
 * a write to another place, makes them worthless: the next look at the attributes says so.
 *
 * <p>Guarded by the monitor of its {@link KnownInode}.
 */
final class WrittenContents {
    /** Above it, one read of the last page is little beside the others. */
    static final int MOST_BYTES = 64 << 10;

    /** Of all files of a mount that are being written. */
    static final long MOST_IN_ALL = 16 << 20;

    /** Of the kernel; where its pages are larger, it is given some that it has. */
    private static final int PAGE = 4096;

    private static final byte[] NOTHING = {};

    private final AtomicLong inAll;
    private byte[] bytes = NOTHING;
    private long change;

    /** @param inAll bytes that are kept by all such objects of the mount */
    WrittenContents(AtomicLong inAll) {
        this.inAll = inAll;
    }

    /** Data was written to the file; those that follow what is kept are kept as well. */
    void written(PriorAttributes before, long changeAfter, long offset, ByteBuffer data) {
        int count = data.remaining();
        boolean follows = offset == bytes.length
                && before.size() == bytes.length
                && (bytes.length == 0 || before.change() == change);
        if (!follows || bytes.length + count > MOST_BYTES || !reserve(count)) {
            drop();
            return;
        }
        int end = bytes.length;
        bytes = Arrays.copyOf(bytes, end + count);
        data.get(bytes, end, count);
        change = changeAfter;
    }

    private boolean reserve(int count) {
        if (inAll.addAndGet(count) <= MOST_IN_ALL) {
            return true;
        }
        inAll.addAndGet(-count);
        return false;
    }

    /** Attributes of the file were changed through the mount, not what is in it. */
    void attributesChanged(long before, long after) {
        if (change == before) {
            change = after;
        }
    }

    /** What is in the file, if it is known; it is not kept any more. */
    Optional<byte[]> take(Attributes now) {
        byte[] all = bytes;
        drop();
        return all.length > 0 && now.change() == change && now.size() == all.length
                ? Optional.of(all)
                : Optional.empty();
    }

    /** Whether the kernel would ask for some of it: it believes only whole pages that it has sent. */
    boolean isAsked() {
        return bytes.length % PAGE != 0;
    }

    /** Keeps nothing. */
    void drop() {
        inAll.addAndGet(-bytes.length);
        bytes = NOTHING;
    }
}
