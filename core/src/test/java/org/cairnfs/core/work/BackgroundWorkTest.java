package org.cairnfs.core.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.WorkRow;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.MemoryMetadataStore;
import org.junit.jupiter.api.Test;

class BackgroundWorkTest {
    private MemoryMetadataStore store = new MemoryMetadataStore(new FakeClock());

    /** Counts in its cursor up to its argument, and notes each step. */
    private static final class Counting implements WorkStep {
        private final List<String> steps = Collections.synchronizedList(new ArrayList<>());
        private final CountDownLatch ended = new CountDownLatch(1);
        private final CountDownLatch asked = new CountDownLatch(1);
        private volatile boolean ready = true;
        private Optional<Errno> failure = Optional.empty();

        @Override
        public String operation() {
            return "count";
        }

        @Override
        public boolean isReady(WorkRow work) {
            asked.countDown();
            return ready;
        }

        @Override
        public Optional<Bytes> step(Transaction transaction, WorkRow work) throws FsException {
            if (failure.isPresent()) {
                throw new FsException(failure.get(), "as the test wants");
            }
            int at = work.cursor().length();
            steps.add(work.id() + ":" + at);
            if (at == work.arguments().length()) {
                transaction.afterCommit(ended::countDown);
                return Optional.empty();
            }
            return Optional.of(Bytes.copyOf(new byte[at + 1]));
        }
    }

    private void begin(String operation, int length) throws FsException {
        store.mutate(transaction -> {
            transaction.put(new WorkRow(transaction.newWork(), operation, Bytes.copyOf(new byte[length]), Bytes.EMPTY));
            return null;
        });
    }

    @Test
    void doesTheOldestFirstStepByStep() throws FsException {
        begin("count", 1);
        begin("count", 2);
        Counting counting = new Counting();
        assertThat(new BackgroundWork(store, List.of(counting)).drain()).isTrue();
        assertThat(counting.steps).containsExactly("1:0", "1:1", "2:0", "2:1", "2:2");
        assertThat(store.view().works()).isEmpty();
    }

    @Test
    void goesOnAfterARestartWhereItWas() throws FsException {
        store.mutate(transaction -> {
            transaction.put(
                    new WorkRow(transaction.newWork(), "count", Bytes.copyOf(new byte[5]), Bytes.copyOf(new byte[3])));
            return null;
        });
        store = store.restarted();
        Counting counting = new Counting();
        new BackgroundWork(store, List.of(counting)).drain();
        assertThat(counting.steps).containsExactly("1:3", "1:4", "1:5");
    }

    @Test
    void leavesAloneWhatItDoesNotKnow() throws FsException {
        begin("of a newer version", 1);
        begin("count", 0);
        assertThat(new BackgroundWork(store, List.of(new Counting())).drain()).isTrue();
        assertThat(store.view().works()).extracting(WorkRow::operation).containsExactly("of a newer version");
    }

    @Test
    void setsAsideWhatFailsUntilTheNextStart() throws FsException {
        begin("count", 1);
        Counting counting = new Counting();
        counting.failure = Optional.of(Errno.EIO);
        BackgroundWork work = new BackgroundWork(store, List.of(counting));
        assertThat(work.drain()).isTrue();
        counting.failure = Optional.empty();
        assertThat(work.drain()).isTrue();
        assertThat(counting.steps).isEmpty();
        new BackgroundWork(store, List.of(counting)).drain();
        assertThat(counting.steps).hasSize(2);
    }

    @Test
    void comesBackWhenThereWasNoRoom() throws FsException {
        begin("count", 1);
        Counting counting = new Counting();
        counting.failure = Optional.of(Errno.EAGAIN);
        BackgroundWork work = new BackgroundWork(store, List.of(counting));
        assertThat(work.drain()).isFalse();
        counting.failure = Optional.empty();
        assertThat(work.drain()).isTrue();
        assertThat(store.view().works()).isEmpty();
    }

    @Test
    void theThreadWorksWhenItIsWoken() throws Exception {
        Counting counting = new Counting();
        try (BackgroundWork work = new BackgroundWork(store, List.of(counting))) {
            work.start();
            begin("count", 3);
            work.wake();
            assertThat(counting.ended.await(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(store.view().works()).isEmpty();
    }

    /** And not an hour later, when it would look again by itself. */
    @Test
    void theThreadGoesOnWhenItIsToldThatAWorkIsReady() throws Exception {
        begin("count", 1);
        Counting counting = new Counting();
        counting.ready = false;
        try (BackgroundWork work = new BackgroundWork(store, List.of(counting), Duration.ofHours(1))) {
            work.start();
            assertThat(counting.asked.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(counting.steps).isEmpty();
            counting.ready = true;
            work.wake();
            assertThat(counting.ended.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closingEndsBetweenSteps() throws FsException {
        begin("count", 1);
        Counting counting = new Counting();
        BackgroundWork work = new BackgroundWork(store, List.of(counting));
        work.close();
        assertThat(work.drain()).isFalse();
        assertThat(counting.steps).isEmpty();
    }
}
