package org.cairnfs.core.metadata.h2;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** The writes to one database file: each waits for the {@link WriteBarrier}, and is counted. Any thread. */
final class GuardedWrites {
    private final WriteBarrier barrier;
    private final AtomicLong bytes = new AtomicLong();

    GuardedWrites(WriteBarrier barrier) {
        this.barrier = barrier;
    }

    /** Before a write of so many bytes; 0 for a truncation. */
    void before(int count) throws IOException {
        barrier.beforeWrite();
        bytes.addAndGet(count);
    }

    /** Bytes that were written, or begun to be, since the file was opened. */
    long bytes() {
        return bytes.get();
    }
}
