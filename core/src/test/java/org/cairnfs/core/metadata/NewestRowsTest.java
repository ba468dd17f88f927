package org.cairnfs.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cairnfs.core.metadata.row.AtimeRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a look-up sees while rows change under it. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class NewestRowsTest {
    private static final RowKey.Atime KEY = new RowKey.Atime(1);

    private final Map<RowKey, Row> database = new ConcurrentHashMap<>();
    private final NewestRows newest = new NewestRows(1 << 20);

    private Optional<Row> load(RowKey key) {
        return Optional.ofNullable(database.get(key));
    }

    private static Optional<Row> image(long value) {
        return Optional.of(new AtimeRow(1, value));
    }

    @Test
    void aPinIsSeenAtOnceAndTheCommittedImageAfterIt() throws Exception {
        assertThat(newest.get(KEY, this::load)).isEmpty();
        NewestRows.Pin pin = newest.pin(KEY, image(5));
        assertThat(newest.get(KEY, this::load)).isEqualTo(image(5));
        newest.unpin(KEY, pin);
        assertThat(newest.get(KEY, key -> {
                    throw new AssertionError("is cached");
                }))
                .isEqualTo(image(5));
        assertThat(newest.pinnedRows()).isZero();
    }

    @Test
    void aNewerPinOutlivesTheCommitOfTheOlder() throws Exception {
        NewestRows.Pin older = newest.pin(KEY, image(1));
        newest.pin(KEY, image(2));
        newest.unpin(KEY, older);
        assertThat(newest.get(KEY, this::load)).isEqualTo(image(2));
    }

    /** The reader loads the old image, is overtaken by a whole change, and must not cache what it has. */
    @Test
    void aReaderThatWasOvertakenDoesNotCache() throws Exception {
        database.put(KEY, image(1).orElseThrow());
        ExecutorService reader = Executors.newSingleThreadExecutor();
        try {
            CountDownLatch loaded = new CountDownLatch(1);
            CountDownLatch changed = new CountDownLatch(1);
            Future<Optional<Row>> slow = reader.submit(() -> newest.get(KEY, key -> {
                Optional<Row> old = load(key);
                loaded.countDown();
                awaitQuietly(changed);
                return old;
            }));
            loaded.await();
            NewestRows.Pin pin = newest.pin(KEY, image(2));
            database.put(KEY, image(2).orElseThrow());
            newest.unpin(KEY, pin);
            changed.countDown();
            assertThat(slow.get()).as("it may see what was when it began").isEqualTo(image(1));
            assertThat(newest.get(KEY, this::load)).isEqualTo(image(2));
        } finally {
            reader.shutdown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Values only grow, so no reader may ever see one go back; the cache is so small that it forgets all the time. */
    @Test
    void readersNeverSeeTimeGoBack() throws Exception {
        NewestRows small = new NewestRows(2_000);
        int keys = 50;
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<Long>> readers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                long seed = i;
                readers.add(threads.submit(() -> read(small, keys, new Random(seed), done)));
            }
            for (int round = 1; round <= 400; round++) {
                Map<RowKey, NewestRows.Pin> batch = new HashMap<>();
                for (long key = 0; key < keys; key++) {
                    Row row = new AtimeRow(key, round);
                    batch.put(row.key(), small.pin(row.key(), Optional.of(row)));
                }
                batch.forEach((key, pin) -> database.put(key, pin.image().orElseThrow()));
                batch.forEach(small::unpin);
            }
            done.set(true);
            long reads = 0;
            for (Future<Long> reader : readers) {
                reads += reader.get();
            }
            assertThat(reads).isPositive();
            for (long key = 0; key < keys; key++) {
                assertThat(small.get(new RowKey.Atime(key), this::load)).contains(new AtimeRow(key, 400));
            }
        } finally {
            done.set(true);
            threads.shutdown();
        }
    }

    private long read(NewestRows rows, int keys, Random random, AtomicBoolean done) throws Exception {
        long[] seen = new long[keys];
        long reads = 0;
        do {
            int key = random.nextInt(keys);
            Optional<Row> row = rows.get(new RowKey.Atime(key), this::load);
            long value = row.map(found -> ((AtimeRow) found).atime()).orElse(0L);
            assertThat(value).isGreaterThanOrEqualTo(seen[key]);
            seen[key] = value;
            reads++;
        } while (!done.get());
        return reads;
    }
}
