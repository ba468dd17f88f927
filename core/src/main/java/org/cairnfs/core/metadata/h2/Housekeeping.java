package org.cairnfs.core.metadata.h2;

import java.util.concurrent.TimeUnit;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.RandomAccessStore;

/**
 * Keeps the database file within a small factor of what is live in it, a little at a time: rewrites the live pages of those of its chunks that
 * are mostly dead, and moves chunks to the beginning where most of the file is free space.
 *
 * <p>H2 writes a changed page anew, into the chunk of the present store, and frees the space of a chunk when none of its pages is live; one
 * live page among a hundred holds all of it. H2's own thread, which would rewrite such chunks, must not run; see {@link Database}.
 *
 * <p><b>Budget.</b> For two bytes that were stored, one of live pages is rewritten, those of the emptiest and oldest chunks first. So a chunk
 * is rewritten with a third of it live or less, once that balances; and an idle database comes to rest. What an earlier process left is on the
 * budget from the beginning. The budget hangs on bytes and not on how often the database is stored or checkpointed: a turn that was taken only
 * when a second passed without a checkpoint was never taken under steady change.
 *
 * <p><b>Reuse.</b> H2 reuses the space of a dead chunk when that is older than the retention time, which is for stores that may lose unsynced
 * writes and must open nevertheless. This one is made anew after the machine stopped ({@code OpenMark}), so that time is short.
 *
 * <p><b>Shrinking.</b> What was freed is used again, and cut off at the end of the file only. So where less than half of a file is in use, chunks
 * are moved into the free space. That syncs the file some four times, and is done seldom.
 *
 * <p>Threading: the thread that writes, between transactions.
 */
final class Housekeeping {
    private static final int REWRITTEN_PER_STORED = 2;

    /** Of live pages, in one turn; some milliseconds. */
    private static final int TURN_BYTES = 1 << 20;

    private static final int TURNS_PER_DELAY = 5;
    private static final int DELAYS_PER_MOVE = 10;
    private static final int MOVED_BYTES = 8 << 20;

    /** Smaller files are left as they are. */
    private static final int MOVED_FROM_BYTES = 16 << 20;

    /** Percent of the file. */
    private static final int MOVED_BELOW = 50;

    private final MVStore store;
    private final FileStore<?> file;
    private final GuardedWrites writes;
    private final Runnable toStore;
    private final int fillRate;
    private final long pauseNanos;
    private long owed;
    private long seen;
    private long turned = System.nanoTime();
    private long moved = turned;
    private long turns;

    /**
     * For a database that was just opened.
     *
     * @param toStore stores what was committed
     */
    Housekeeping(MVStore store, GuardedWrites writes, Runnable toStore, DatabaseOptions options) {
        this.store = store;
        this.file = store.getFileStore();
        this.writes = writes;
        this.toStore = toStore;
        this.fillRate = options.compactFillRate();
        this.pauseNanos = TimeUnit.MILLISECONDS.toNanos(options.writeDelayMillis()) / TURNS_PER_DELAY;
        this.owed = file.size();
        file.setRetentionTime(options.writeDelayMillis());
    }

    /** Takes a turn if there is something to do, and the last one is a while ago. */
    void run() {
        rewriteIfDue();
        moveIfDue();
    }

    private void rewriteIfDue() {
        long stored = writes.bytes();
        owed += (stored - seen) / REWRITTEN_PER_STORED;
        seen = stored;
        if (fillRate == 0 || owed < TURN_BYTES || System.nanoTime() - turned < pauseNanos) {
            return;
        }
        turned = System.nanoTime();
        if (file.getChunksFillRate() >= fillRate) {
            owed = 0;
            return;
        }
        if (store.compact(fillRate, TURN_BYTES)) {
            owed -= TURN_BYTES;
            turns++;
            toStore.run(); // only now H2 sees that the pages of before are dead; it would choose the same chunks again
            seen = writes.bytes();
        }
    }

    private void moveIfDue() {
        if (fillRate == 0
                || file.size() < MOVED_FROM_BYTES
                || System.nanoTime() - moved < pauseNanos * TURNS_PER_DELAY * DELAYS_PER_MOVE) {
            return;
        }
        moved = System.nanoTime();
        if (file.getFillRate() < MOVED_BELOW && file instanceof RandomAccessStore chunks) {
            toStore.run(); // what is not in the file yet would be written in the middle of it
            chunks.compactMoveChunks(MOVED_BELOW, MOVED_BYTES, store);
            toStore.run();
            seen = writes.bytes();
        }
    }

    /** Turns in which something was rewritten. */
    long turns() {
        return turns;
    }
}
