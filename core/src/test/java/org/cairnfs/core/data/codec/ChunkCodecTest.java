package org.cairnfs.core.data.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.github.luben.zstd.Zstd;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.cairnfs.core.bytes.MalformedException;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.testkit.Damage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkCodecTest {
    private static final String ALL = "zstd-3,zstd-19,lzma-6,bzip2-6,zlib-6,lz4,none";

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** Something like text. */
    private static byte[] shrinkable(int length) {
        byte[] bytes = new byte[length];
        Random random = new Random(length);
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) "the quick brown fox ".charAt((i + (random.nextInt(30) == 0 ? 1 : 0)) % 20);
        }
        return bytes;
    }

    private static byte[] encode(String spec, byte[] plain) {
        return new ChunkCodec(Compression.parse(spec)).encode(plain, 0, plain.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zstd-3", "zstd-19", "lzma-6", "bzip2-6", "zlib-6", "lz4", "none"})
    void whatWasEncodedDecodes(String spec) throws Exception {
        for (int length : new int[] {0, 1, 2, 10, 100, 4095, 70_000, 300_000}) {
            for (byte[] plain : new byte[][] {random(length), shrinkable(length), new byte[length]}) {
                byte[] encoded = encode(spec, plain);
                assertThat(encoded.length).isLessThanOrEqualTo(length + ChunkCodec.OVERHEAD);
                assertThat(ChunkCodec.decode(encoded, length)).isEqualTo(plain);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zstd-3", "lzma-6", "bzip2-6", "zlib-6", "lz4"})
    void whatShrinksIsStoredShorterAndWhatDoesNotAsItIs(String spec) {
        assertThat(encode(spec, shrinkable(100_000)).length).isLessThan(60_000);
        byte[] stored = encode(spec, random(100_000));
        assertThat(stored).hasSize(100_000 + ChunkCodec.OVERHEAD).startsWith(0);
        assertThat(Arrays.copyOfRange(stored, ChunkCodec.OVERHEAD, stored.length))
                .isEqualTo(random(100_000));
    }

    @Test
    void aPartOfAnArrayCanBeEncoded() throws Exception {
        byte[] plain = shrinkable(1000);
        for (String spec : ALL.split(",", -1)) {
            byte[] encoded = new ChunkCodec(Compression.parse(spec)).encode(plain, 100, 500);
            assertThat(ChunkCodec.decode(encoded, 500)).isEqualTo(Arrays.copyOfRange(plain, 100, 600));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zstd-3", "lzma-6", "bzip2-6", "zlib-6", "lz4", "none"})
    void damageGivesNothingButTheTypedException(String spec) {
        byte[] encoded = encode(spec, shrinkable(3000));
        Stream.of(Damage.truncations(encoded), Damage.bitFlips(encoded), Damage.mutations(encoded, 500, 1))
                .flatMap(damages -> damages)
                .forEach(damaged -> {
                    Throwable thrown = catchThrowable(
                            () -> ChunkCodec.decode(damaged.bytes().array(), 1 << 20));
                    if (thrown != null) { // what decodes all the same is caught by tag and id
                        assertThat(thrown).as(damaged.what()).isInstanceOf(MalformedException.class);
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"zstd-3", "lzma-6", "bzip2-6", "zlib-6", "lz4", "none"})
    void aPayloadOfAnotherLengthIsRefused(String spec) {
        byte[] encoded = encode(spec, shrinkable(3000));
        for (int claimed : new int[] {0, 1, 2999, 3001, 6000}) {
            byte[] lying = encoded.clone();
            ByteBuffer.wrap(lying).putInt(1, claimed);
            assertThatThrownBy(() -> ChunkCodec.decode(lying, 1 << 20))
                    .as("claims %s", claimed)
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void claimsBeyondTheBoundAreRefusedFirst() {
        for (int claimed : new int[] {Integer.MAX_VALUE, -1, ChunkSizes.LARGEST + 1, 3001}) {
            byte[] bomb = ByteBuffer.allocate(20).put((byte) 1).putInt(claimed).array();
            assertThatThrownBy(() -> ChunkCodec.decode(bomb, 3000))
                    .isInstanceOf(MalformedException.class)
                    .hasMessageContaining("at most 3000");
        }
    }

    @Test
    void aDecompressionBombStaysSmall() {
        byte[] zeros = new byte[48 << 20];
        byte[] squeezed = Zstd.compress(zeros);
        byte[] bomb = ByteBuffer.allocate(ChunkCodec.OVERHEAD + squeezed.length)
                .put((byte) 1)
                .putInt(1000)
                .put(squeezed)
                .array();
        assertThatThrownBy(() -> ChunkCodec.decode(bomb, 1 << 20)).isInstanceOf(MalformedException.class);
    }

    @Test
    void unknownCodecsAreRefused() {
        for (int id : new int[] {6, 7, 127, 128, 255}) {
            byte[] encoded = {(byte) id, 0, 0, 0, 0};
            assertThatThrownBy(() -> ChunkCodec.decode(encoded, 10)).hasMessageContaining("unknown compression " + id);
        }
    }

    @Test
    void chunksThatAreTooLongAreNotEncoded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ChunkCodec(Compression.NONE)
                        .encode(new byte[ChunkSizes.LARGEST + 1], 0, ChunkSizes.LARGEST + 1));
    }
}
