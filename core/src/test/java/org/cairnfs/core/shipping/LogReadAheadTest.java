package org.cairnfs.core.shipping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketLayout;
import org.cairnfs.core.bucket.BucketOptions;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.bucket.Chain;
import org.cairnfs.core.bucket.ChainEnd;
import org.cairnfs.core.bucket.LogObject;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ForwardingObjectStore;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReadAheadTest {
    private static final int OBJECTS = 20;
    private static final int NEWER = 10;
    private static final int OLDER = NEWER - LogReadAhead.MAX_AHEAD + 1;

    @TempDir
    Path folder;

    private final Set<String> fetched = ConcurrentHashMap.newKeySet();
    private final CountDownLatch olderBegun = new CountDownLatch(1);
    private volatile boolean waits;
    private Bucket bucket;

    @BeforeEach
    void make() throws Exception {
        var store = new ForwardingObjectStore(LocalObjectStore.create(folder.resolve("bucket"))) {
            @Override
            public byte[] get(String key, int maxLength) throws ObjectStoreException {
                fetched.add(key);
                if (key.equals(BucketLayout.log(1, OLDER))) {
                    olderBegun.countDown();
                } else if (waits && key.equals(BucketLayout.log(1, NEWER))) {
                    awaitOlder();
                }
                return super.get(key, maxLength);
            }
        };
        bucket = Buckets.create(store, BucketOptions.DEFAULT, List.of(), Clock.systemUTC());
        Chain chain = bucket.chain(ChainEnd.START);
        UUID writer = UUID.randomUUID();
        for (int i = 1; i <= OBJECTS; i++) {
            int number = i;
            chain.append((ChainEnd end) -> new LogObject(
                    1,
                    number,
                    writer,
                    Instant.EPOCH,
                    end.height() + 1,
                    end.link(),
                    number,
                    number,
                    true,
                    false,
                    new byte[10]));
        }
        fetched.clear();
    }

    private void awaitOlder() {
        try {
            if (!olderBegun.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("objects are not fetched at the same time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void close() {
        bucket.close();
    }

    @Test
    void allAreGivenFromTheNewestToTheOldest() throws Exception {
        List<Long> numbers = new ArrayList<>();
        try (LogReadAhead ahead = new LogReadAhead(bucket.logs(), bucket.logs().positions())) {
            while (!ahead.isEmpty()) {
                numbers.add(ahead.next().number());
            }
        }
        assertThat(numbers).hasSize(OBJECTS).isSortedAccordingTo((a, b) -> Long.compare(b, a));
    }

    @Test
    void whoNeedsOnlyTheNewestFetchesOnlyThat() throws Exception {
        try (LogReadAhead ahead = new LogReadAhead(bucket.logs(), bucket.logs().positions())) {
            ahead.next();
        }
        assertThat(fetched).containsExactly(BucketLayout.log(1, OBJECTS));
    }

    @Test
    void whoGoesOnGetsSeveralAtTheSameTime() throws Exception {
        waits = true;
        try (LogReadAhead ahead = new LogReadAhead(bucket.logs(), bucket.logs().positions())) {
            for (int number = OBJECTS; number >= 1; number--) {
                assertThat(ahead.next().number()).isEqualTo(number);
            }
        }
    }

    @Test
    void aMissingObjectIsTheCallersTrouble() throws Exception {
        List<Logs.Position> positions = bucket.logs().positions();
        bucket.store().delete(BucketLayout.log(1, OBJECTS - 1));
        try (LogReadAhead ahead = new LogReadAhead(bucket.logs(), positions)) {
            ahead.next();
            assertThatThrownBy(ahead::next).isInstanceOfAny(ObjectStoreException.class, CorruptObjectException.class);
            assertThat(ahead.next().number()).isEqualTo(OBJECTS - 2);
        }
    }
}
