package org.cairnfs.core.data.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkIdTest {
    private static ChunkId random(long seed) {
        byte[] bytes = new byte[ChunkId.LENGTH];
        new Random(seed).nextBytes(bytes);
        return ChunkId.of(bytes);
    }

    @Test
    void equalBytesAreEqualIds() {
        ChunkId id = random(1);
        assertThat(ChunkId.of(id.toBytes())).isEqualTo(id).hasSameHashCodeAs(id);
        for (int i = 0; i < ChunkId.LENGTH; i++) {
            byte[] other = id.toBytes();
            other[i]++;
            assertThat(ChunkId.of(other)).isNotEqualTo(id);
        }
        assertThat(id).hasToString(HexFormat.of().formatHex(id.toBytes()));
        assertThatIllegalArgumentException().isThrownBy(() -> ChunkId.of(new byte[31]));
    }

    @Test
    void idsAreOrderedAsTheirBytes() {
        for (long seed = 0; seed < 1000; seed++) {
            ChunkId one = random(seed);
            byte[] bytes = random(seed + 1).toBytes();
            System.arraycopy(one.toBytes(), 0, bytes, 0, (int) (seed % 33));
            ChunkId two = ChunkId.of(bytes);
            assertThat(Integer.signum(one.compareTo(two)))
                    .isEqualTo(Integer.signum(Arrays.compareUnsigned(one.toBytes(), two.toBytes())));
        }
    }

    /** RFC 4231, test case 2, and the SHA-256 of "abc" of FIPS 180-4. */
    @Test
    void idsAreThoseOfTheStandards() {
        byte[] data = "what do ya want for nothing?".getBytes(StandardCharsets.US_ASCII);
        assertThat(ChunkIdHasher.keyed("Jefe".getBytes(StandardCharsets.US_ASCII))
                        .hash(data, 0, data.length))
                .hasToString("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        byte[] abc = "xabcx".getBytes(StandardCharsets.US_ASCII);
        assertThat(ChunkIdHasher.plain().hash(abc, 1, 3))
                .hasToString("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void aHasherServesManyThreads() {
        ChunkIdHasher hasher = ChunkIdHasher.keyed(new byte[32]);
        byte[] data = new byte[10_000];
        ChunkId expected = hasher.hash(data, 0, data.length);
        assertThat(IntStream.range(0, 1000).parallel().mapToObj(i -> hasher.hash(data, 0, data.length)))
                .containsOnly(expected);
    }
}
