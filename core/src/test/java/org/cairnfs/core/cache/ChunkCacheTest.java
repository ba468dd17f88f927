package org.cairnfs.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** The heap that decoded chunks take is bounded in bytes. */
class ChunkCacheTest {
    private static final int BOUND = 1 << 20;

    private final ChunkCache cache = new ChunkCache(BOUND);

    @Test
    void whatWasPutIsThereUntilItIsForgotten() {
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1, 2, 3}).asReadOnlyBuffer();
        cache.put(7, bytes);
        assertThat(cache.get(7)).contains(bytes);
        assertThat(cache.get(8)).isEmpty();
        assertThat(cache.hits()).isEqualTo(1);
        assertThat(cache.misses()).isEqualTo(1);
        cache.clear();
        assertThat(cache.get(7)).isEmpty();
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void theBoundHoldsWhateverIsPut() {
        for (int chunk = 0; chunk < 1000; chunk++) {
            cache.put(chunk, ByteBuffer.allocate(1 + chunk * 37 % 50_000));
            assertThat(cache.bytes()).isLessThanOrEqualTo(BOUND);
        }
        assertThat(cache.bytes()).isGreaterThan(BOUND / 2);
        cache.put(2000, ByteBuffer.allocate(BOUND + 1));
        assertThat(cache.get(2000)).isEmpty();
        cache.resize(1000);
        assertThat(cache.maxBytes()).isEqualTo(1000);
        assertThat(cache.bytes()).isLessThanOrEqualTo(1000);
    }

    /** Empty and tiny chunks cost their entry, or a cache of them would have no bound. */
    @Test
    void entriesCountToo() {
        for (int chunk = 0; chunk < 100_000; chunk++) {
            cache.put(chunk, ByteBuffer.allocate(0));
        }
        assertThat(cache.bytes()).isPositive().isLessThanOrEqualTo(BOUND);
    }
}
