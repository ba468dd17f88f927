package org.cairnfs.core.metadata;

import com.google.common.util.concurrent.Uninterruptibles;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.metadata.row.AtimeRow;
import org.cairnfs.core.metadata.row.InodeRow;

/**
 * The writer thread: runs mutations one after the other, and commits them to the database in batches. While a batch is
 * committed the next one gathers in the queue, so the batches grow with the load.
 *
 * <p>With each batch go the rows that were changed lazily and have waited long enough, oldest first; so none waits much longer
 * than {@link MetadataOptions#lazySweepMillis}, however busy the queue is.
 *
 * <p><b>Failure.</b> A mutation that throws before it is appended has done nothing, and its caller hears at once. Anything that
 * fails later is for good: all who wait and all who come get {@link MetadataFailedException}.
 *
 * <p><b>What the database says of itself.</b> {@code applied_seq} is the journal's newest sequence before the commit: only this
 * thread appends change sets, so all up to there are in the tables. {@code low_seq} is the least of the next sequence, the lazy
 * rows' {@link LazyRows#low} and the data's oldest unflushed record, looked at in this order: a write is entered among the
 * lazy rows before it is appended, and among the data's before its inode can be swept.
 */
final class Writer implements Runnable {
    private static final int SWEEP_PER_BATCH = 2_048;
    private static final int MAX_IDLE_MILLIS = 250;
    private static final int ATIMES_PER_RECORD = 4_096;
    private static final int ATIME_RECORD_BYTES = 32;

    private final StoreContext context;
    private final Present present;
    private final BlockingQueue<WriterTask> queue = new LinkedBlockingQueue<>();

    /** Tasks that have run and are not answered. */
    private final Deque<WriterTask> batched = new ArrayDeque<>();

    private final Thread thread;
    private int batchBytes;
    private long atimesWritten = System.nanoTime();
    private volatile boolean stopped;
    private volatile boolean ended;

    Writer(StoreContext context) {
        this.context = context;
        this.present = context.present();
        this.thread = new Thread(this, "cairn-metadata");
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Hands a task over; it completes itself. */
    void submit(WriterTask task) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a mutation inside a mutation");
        }
        context.failStop().check();
        queue.add(task);
        if (ended) {
            failQueued();
        }
    }

    /** Waits until the thread has ended; it does after {@link #stop}. */
    void join() {
        Uninterruptibles.joinUninterruptibly(thread);
    }

    /** The thread ends after the present batch. */
    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        while (!stopped) {
            try {
                WriterTask task = queue.poll(idleMillis(), TimeUnit.MILLISECONDS);
                if (context.failStop().failed()) {
                    reject(task);
                } else {
                    runBatch(task);
                }
            } catch (InterruptedException e) {
                context.failStop().fail("the metadata writer was interrupted", e);
            } catch (SQLException | RuntimeException | Error e) {
                context.failStop().fail("the metadata writer failed", e);
                failBatched();
            }
        }
        ended = true;
        failQueued();
    }

    private void failQueued() {
        for (WriterTask task = queue.poll(); task != null; task = queue.poll()) {
            task.fail(new MetadataFailedException("the metadata store is closed", null));
        }
    }

    private long idleMillis() {
        return Math.max(1, Math.min(MAX_IDLE_MILLIS, context.options().lazySweepMillis() / 4));
    }

    private void runBatch(WriterTask first) throws SQLException {
        batchBytes = 0;
        WriterTask task = first;
        while (task != null) {
            batched.addLast(task);
            int bytes = task.run();
            context.failStop().check();
            if (bytes < 0) {
                batched.removeLast();
            } else {
                batchBytes += bytes;
            }
            task = batched.size() < context.options().batchMutations()
                            && batchBytes < context.options().batchBytes()
                            && !stopped
                    ? queue.poll()
                    : null;
        }
        writeAtimesIfDue();
        sweep(System.nanoTime()
                - TimeUnit.MILLISECONDS.toNanos(context.options().lazySweepMillis()));
        if (!present.batch().isEmpty() || !batched.isEmpty()) {
            commit();
        }
        present.database().storeIfDue();
    }

    /** Commits what is in the batch, and completes its tasks. */
    private void commit() throws SQLException {
        long applied = context.journal().lastSequence();
        long low = Math.min(applied + 1, present.lazies().low());
        present.commit(
                applied, Math.min(low, context.options().oldestUnflushed().getAsLong()));
        CommitPoint point = new CommitPoint(applied, low);
        while (!batched.isEmpty()) {
            batched.getFirst().committed(point);
            batched.removeFirst();
        }
    }

    /** Puts lazily changed rows into the batch that are as old, or all above a bound, oldest first. */
    private void sweep(long olderThan) {
        int count = 0;
        LazyRows.Entry oldest = present.lazies().oldest();
        while (oldest != null
                && count < SWEEP_PER_BATCH
                && (oldest.nanoTime() - olderThan <= 0
                        || present.lazies().size() > context.options().lazyRows())) {
            sweepOne(oldest.inode());
            count++;
            oldest = present.lazies().oldest();
        }
    }

    /** Puts all rows into the batch whose lazy records were entered before this call; for tasks. */
    void sweepAll() {
        long next = context.journal().lastSequence() + 1;
        LazyRows.Entry oldest = present.lazies().oldest();
        while (oldest != null && oldest.low() <= next) {
            sweepOne(oldest.inode());
            oldest = present.lazies().oldest();
        }
    }

    private void sweepOne(long inode) {
        ReentrantLock lock = context.locks().of(inode);
        lock.lock();
        try {
            present.sweep(inode);
        } finally {
            lock.unlock();
        }
    }

    private void writeAtimesIfDue() {
        int waiting = context.atimes().size();
        long age = System.nanoTime() - atimesWritten;
        if (waiting >= ATIMES_PER_RECORD
                || waiting > 0
                        && age
                                >= TimeUnit.MILLISECONDS.toNanos(
                                        4L * context.options().lazySweepMillis())) {
            writeAtimes();
        }
    }

    /** Journals noted access times, of inodes that are still there; without room in the journal they wait on. */
    void writeAtimes() {
        atimesWritten = System.nanoTime();
        List<AtimeRow> rows = context.atimes().some(ATIMES_PER_RECORD);
        if (rows.isEmpty() || !hasRoom((long) rows.size() * ATIME_RECORD_BYTES)) {
            return;
        }
        try (WriterTransaction transaction = new WriterTransaction(context)) {
            for (AtimeRow row : rows) {
                Optional<InodeRow> inode = transaction.peek(row.inode());
                if (inode.isPresent()) {
                    transaction.putNoted(row);
                }
            }
            transaction.append(Optional.empty()).ifPresent(appended -> batchBytes += appended.bytes());
        }
        context.atimes().journaled(rows);
    }

    private boolean hasRoom(long bytes) {
        try {
            return context.journal().awaitRoom(Journal.Room.NORMAL, bytes, 0);
        } catch (JournalFailedException e) {
            throw context.failStop().fail("the journal failed", e);
        }
    }

    private void failBatched() {
        batched.forEach(this::reject);
        batched.clear();
    }

    private void reject(WriterTask task) {
        if (task != null) {
            try {
                context.failStop().check();
            } catch (MetadataFailedException e) {
                task.fail(e);
            }
        }
    }

    /**
     * What a commit holds.
     *
     * @param applied all change sets up to here
     * @param low at or below every lazy record that it does not hold
     */
    record CommitPoint(long applied, long low) {
        /** The journal is not needed up to here for metadata. */
        long complete() {
            return Math.min(applied, low - 1);
        }
    }

    /** Something for the writer thread. */
    interface WriterTask {
        /**
         * Runs; on the writer thread.
         *
         * @return bytes that it journaled, if {@link #committed} is to be called after the commit of the batch; -1 if it is done
         */
        int run() throws SQLException;

        /** The batch is committed; on the writer thread. */
        void committed(CommitPoint point);

        /** It will not be. */
        void fail(RuntimeException cause);
    }
}
