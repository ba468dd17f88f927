package org.cairnfs.core.work;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.common.util.concurrent.Uninterruptibles;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.Mutation;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.WorkRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the {@link WorkRow}s of a file system, oldest first, one step (one short mutation) at a time between those of clients.
 *
 * <p>Invariant: a work's row holds how far it is, in the same journal record as what was done; so after a crash it goes on
 * exactly there.
 *
 * <p>A work that fails is set aside until the next start, with a line in the log; the others go on. One of an unknown
 * operation (of a newer version) stays where it is.
 *
 * <p>Threading: one daemon thread, from {@link #start} to {@link #close}. {@code lock} guards {@code wanted} and {@code
 * closed}; {@code setAside} is guarded by {@code stepping}, which is held during steps, so that {@link #drain} can be called
 * beside the thread. The store is never called with {@code lock} held.
 */
public final class BackgroundWork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundWork.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final MetadataStore store;
    private final ImmutableMap<String, WorkStep> steps;
    private final Duration retry;
    private final Thread thread = new Thread(this::run, "background-work");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean wanted = true;
    private boolean closed;

    private final ReentrantLock stepping = new ReentrantLock();
    private final Set<Long> setAside = new HashSet<>();

    public BackgroundWork(MetadataStore store, Collection<WorkStep> steps) {
        this(store, steps, RETRY);
    }

    /** @param retry after which is tried again what could not be done */
    BackgroundWork(MetadataStore store, Collection<WorkStep> steps, Duration retry) {
        this.store = store;
        this.steps = Maps.uniqueIndex(steps, WorkStep::operation);
        this.retry = retry;
        thread.setDaemon(true);
    }

    /** Starts with what an earlier run left over. */
    public void start() {
        thread.start();
    }

    /** Says that there may be new work; for any thread, does not block. */
    public void wake() {
        lock.lock();
        try {
            wanted = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Does all work that there is, on the calling thread.
     *
     * @return whether nothing is left but what is set aside; false if the journal had no room, or what is left is not ready
     */
    public boolean drain() {
        return drained() == Drained.ALL;
    }

    private enum Drained {
        ALL,
        /** What is left is not ready; whoever makes it so wakes. */
        NOT_READY,
        /** There was no room, or something that a step asked for was being given back. */
        REFUSED
    }

    private Drained drained() {
        while (true) {
            List<WorkRow> left = left();
            Optional<WorkRow> next = left.stream().filter(this::isReady).findFirst();
            if (next.isEmpty()) {
                return left.isEmpty() ? Drained.ALL : Drained.NOT_READY;
            }
            if (isClosed() || !step(next.get())) {
                return Drained.REFUSED;
            }
        }
    }

    /** Ends after the step that is running; what is left goes on after the next start. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        Uninterruptibles.joinUninterruptibly(thread);
        steps.values().forEach(WorkStep::close);
    }

    private void run() {
        try {
            while (awaitWanted()) {
                Drained drained = drained();
                if (drained != Drained.ALL) {
                    pause(drained == Drained.NOT_READY);
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("Background work was interrupted; it goes on after the next start");
        } catch (RuntimeException e) {
            // The store is fail-stop and has told whoever ends the server.
            LOG.error("Background work ends with the metadata store; it goes on after the next start", e);
        }
    }

    /** Waits for {@link #wake}; false when closed. */
    private boolean awaitWanted() throws InterruptedException {
        lock.lock();
        try {
            while (!wanted && !closed) {
                changed.await();
            }
            wanted = false;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Leaves time for what is waited for, then wants to go on.
     *
     * @param untilWoken whether to go on as soon as somebody says that there is something to do
     */
    private void pause(boolean untilWoken) throws InterruptedException {
        lock.lock();
        try {
            long nanos = retry.toNanos();
            while (!closed && nanos > 0 && !(untilWoken && wanted)) {
                nanos = changed.awaitNanos(nanos);
            }
            wanted = true;
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing of it is done any more by this object. */
    public boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a work failed, and waits for the next start. */
    public boolean isSetAside(long work) {
        stepping.lock();
        try {
            return setAside.contains(work);
        } finally {
            stepping.unlock();
        }
    }

    /** What is to be done, the oldest first. */
    private List<WorkRow> left() {
        stepping.lock();
        try {
            return store.view().works().stream()
                    .filter(work -> !setAside.contains(work.id()))
                    .filter(this::isKnown)
                    .toList();
        } finally {
            stepping.unlock();
        }
    }

    private boolean isReady(WorkRow work) {
        return steps.get(work.operation()).isReady(work);
    }

    private boolean isKnown(WorkRow work) {
        if (!steps.containsKey(work.operation())) {
            LOG.warn("Background work {} is of an unknown operation {}; it is left alone", work.id(), work.operation());
            setAside.add(work.id());
            return false;
        }
        return true;
    }

    /** Returns false if there was no room. */
    private boolean step(WorkRow work) {
        stepping.lock();
        try {
            store.mutate(new Step(work));
            return true;
        } catch (FsException e) {
            if (e.errno() == Errno.EAGAIN) {
                return false;
            }
            LOG.error(
                    "Background work {} ({}) failed; it is tried again after the next start",
                    work.id(),
                    work.operation(),
                    e);
            setAside.add(work.id());
            return true;
        } finally {
            stepping.unlock();
        }
    }

    /** One step of one work, as a mutation. */
    private final class Step implements Mutation<Void> {
        private final long id;
        private final WorkStep of;

        Step(WorkRow work) {
            this.id = work.id();
            this.of = steps.get(work.operation());
        }

        @Override
        public Void run(Transaction transaction) throws FsException {
            Optional<WorkRow> present =
                    transaction.works().stream().filter(work -> work.id() == id).findFirst();
            // Who drains beside the thread may have done a step since it was looked at.
            if (present.isPresent() && of.isReady(present.get())) {
                WorkRow work = present.get();
                Optional<Bytes> cursor = of.step(transaction, work);
                if (cursor.isPresent()) {
                    transaction.put(new WorkRow(id, work.operation(), work.arguments(), cursor.get()));
                } else {
                    transaction.delete(new RowKey.Work(id));
                }
            }
            return null;
        }

        @Override
        public boolean usesReserve() {
            return of.usesReserve();
        }
    }
}
