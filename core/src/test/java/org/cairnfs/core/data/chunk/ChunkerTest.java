package org.cairnfs.core.data.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ChunkerTest {
    private static final byte[] KEY = key(1);
    private static final Chunker SMALL = new Chunker(new ChunkSizes(256, 1024, 4096), KEY);

    private static byte[] key(int seed) {
        byte[] key = new byte[Chunker.KEY_LENGTH];
        new Random(seed).nextBytes(key);
        return key;
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static List<byte[]> chunks(Chunker chunker, byte[] contents) {
        List<byte[]> chunks = new ArrayList<>();
        for (int offset = 0; offset < contents.length; ) {
            int length = chunker.cut(contents, offset, contents.length - offset);
            chunks.add(Arrays.copyOfRange(contents, offset, offset + length));
            offset += length;
        }
        return chunks;
    }

    private static List<ByteBuffer> values(List<byte[]> chunks) {
        return chunks.stream().map(ByteBuffer::wrap).toList();
    }

    @Property(tries = 200)
    void chunksCoverTheContentsWithinTheBounds(@ForAll @IntRange(max = 50_000) int length, @ForAll long seed) {
        List<byte[]> chunks = chunks(SMALL, random(length, seed));
        assertThat(chunks.stream().mapToInt(chunk -> chunk.length).sum()).isEqualTo(length);
        for (int i = 0; i < chunks.size(); i++) {
            int chunk = chunks.get(i).length;
            assertThat(chunk).isBetween(i == chunks.size() - 1 ? 1 : 256, 4096);
        }
    }

    @Property(tries = 200)
    void cutsDependOnTheBytesBeforeThemOnly(@ForAll @IntRange(min = 1, max = 20_000) int length, @ForAll long seed) {
        byte[] contents = random(length, seed);
        int cut = SMALL.cut(contents, 0, length);
        byte[] elsewhere = new byte[length + 300];
        System.arraycopy(contents, 0, elsewhere, 100, length);
        assertThat(SMALL.cut(elsewhere, 100, length)).as("whatever lies around").isEqualTo(cut);
        assertThat(SMALL.cut(contents, 0, cut)).as("whatever follows").isEqualTo(cut);
        if (cut < length) {
            assertThat(SMALL.cut(contents, 0, cut + 1)).as("with a byte more").isEqualTo(cut);
        }
        assertThat(SMALL.cut(ByteBuffer.wrap(elsewhere, 100, length).slice())).isEqualTo(cut);
    }

    @Property(tries = 50)
    void anInsertedByteChangesFewChunks(@ForAll @IntRange(max = 100_000) int position, @ForAll long seed) {
        byte[] contents = random(100_000, seed);
        byte[] edited = new byte[contents.length + 1];
        System.arraycopy(contents, 0, edited, 0, position);
        edited[position] = 42;
        System.arraycopy(contents, position, edited, position + 1, contents.length - position);
        Set<ByteBuffer> before = new HashSet<>(values(chunks(SMALL, contents)));
        long changed = values(chunks(SMALL, edited)).stream()
                .filter(chunk -> !before.contains(chunk))
                .count();
        assertThat(changed).isBetween(1L, 12L);
    }

    @Test
    void nothingAndLittleAreNotCut() {
        assertThat(SMALL.cut(new byte[0], 0, 0)).isZero();
        assertThat(SMALL.cut(new byte[10], 3, 1)).isEqualTo(1);
        assertThat(SMALL.cut(random(256, 1), 0, 256)).isEqualTo(256);
    }

    @Test
    void whatNeverEndsIsCutAtTheMaximum() {
        Chunker chunker = new Chunker(ChunkSizes.DEFAULT, KEY);
        assertThat(chunker.cut(new byte[3 << 20], 0, 3 << 20)).isEqualTo(1 << 20);
    }

    @Test
    void lengthsAreAboutTheAverage() {
        Chunker chunker = new Chunker(ChunkSizes.DEFAULT, KEY);
        List<byte[]> chunks = chunks(chunker, random(64 << 20, 5));
        double average = (64 << 20) / (double) chunks.size();
        assertThat(average).isBetween(200.0 * 1024, 400.0 * 1024);
        long atMaximum =
                chunks.stream().filter(chunk -> chunk.length == 1 << 20).count();
        assertThat(atMaximum).isLessThan(chunks.size() / 20);
    }

    @Test
    void anotherKeyCutsElsewhere() {
        byte[] contents = random(100_000, 1);
        Set<ByteBuffer> ours = new HashSet<>(values(chunks(SMALL, contents)));
        Chunker other = new Chunker(SMALL.sizes(), key(2));
        long equal =
                values(chunks(other, contents)).stream().filter(ours::contains).count();
        assertThat(equal).isLessThan(3);
    }

    /** Cut points must never change: another place of cutting would end de-duplication with what is stored. */
    @Test
    void cutsAreThoseOfEver() {
        List<Integer> lengths = chunks(SMALL, random(10_000, 1)).stream()
                .map(chunk -> chunk.length)
                .toList();
        assertThat(lengths).containsExactly(1234, 1160, 1146, 2218, 1091, 1249, 1004, 898);
    }

    @Test
    void sizesOutOfBoundsAreRefused() {
        assertThat(ChunkSizes.DEFAULT).isEqualTo(new ChunkSizes(64 << 10, 256 << 10, 1 << 20));
        int[][] wrong = {
            {255, 1024, 4096},
            {1024, 1024, 4096},
            {256, 1000, 4096},
            {256, 1024, 1024},
            {256, 1024, 32 << 20},
            {-1, 0, 0}
        };
        for (int[] sizes : wrong) {
            assertThat(ChunkSizes.isAllowed(sizes[0], sizes[1], sizes[2])).isFalse();
            assertThatIllegalArgumentException().isThrownBy(() -> new ChunkSizes(sizes[0], sizes[1], sizes[2]));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new Chunker(ChunkSizes.DEFAULT, new byte[31]));
    }
}
