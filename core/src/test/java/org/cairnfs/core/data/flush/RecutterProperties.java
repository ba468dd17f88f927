package org.cairnfs.core.data.flush;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.chunk.Chunker;
import org.cairnfs.core.data.dirty.DirtyRange;
import org.cairnfs.core.data.read.Piece;
import org.cairnfs.core.data.read.PieceReader;
import org.cairnfs.core.data.read.Pieces;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.testkit.MemoryJournal;
import org.junit.jupiter.api.Test;

/** Re-cutting a changed file: what comes out reads like the file, and what did not change keeps its chunks. */
class RecutterProperties {
    private static final Chunker CHUNKER = new Chunker(ChunkSizes.ofAverage(1024), new byte[Chunker.KEY_LENGTH]);

    private final MemoryJournal journal = new MemoryJournal();
    private final Map<Long, byte[]> chunks = new HashMap<>();
    private final Set<Long> damaged = new HashSet<>();
    private final PieceReader reader = new PieceReader(journal, this::chunk);

    private ByteBuffer chunk(long number) throws FsException {
        if (damaged.contains(number)) {
            throw new FsException(Errno.EIO, "chunk " + number + " is damaged");
        }
        return ByteBuffer.wrap(chunks.get(number)).asReadOnlyBuffer();
    }

    @Property(tries = 300)
    void readsLikeTheFile(@ForAll Random random, @ForAll @IntRange(max = 6) int edits) throws Exception {
        check(random, edits, 0);
    }

    /** Damaged chunks stay where they are, and whatever was written beside them and over them is cut all the same. */
    @Property(tries = 300)
    void whatWasWrittenBesideDamagedChunksIsCut(@ForAll Random random, @ForAll @IntRange(min = 1, max = 6) int edits)
            throws Exception {
        check(random, edits, 3);
    }

    /** @param oneIn of so many chunks one is damaged; 0 for none */
    private void check(Random random, int edits, int oneIn) throws Exception {
        byte[] file = new byte[random.nextInt(20_000)];
        random.nextBytes(file);
        List<ExtentRow> extents = cutWhole(file);
        for (long number : chunks.keySet()) {
            if (oneIn > 0 && random.nextInt(oneIn) == 0) {
                damaged.add(number);
            }
        }
        List<DirtyRange> dirty = new ArrayList<>();
        byte[] changed = Arrays.copyOf(file, file.length + random.nextInt(3_000));
        long at = 0;
        for (int i = 0; i < edits && at < changed.length - 2; i++) {
            int from = (int) at + random.nextInt((int) (changed.length - at - 1));
            int length = 1 + random.nextInt(Math.min(3_000, changed.length - from));
            at = (long) from + length;
            if (random.nextInt(3) == 0) {
                Arrays.fill(changed, from, from + length, (byte) 0);
                dirty.add(DirtyRange.hole(from, length, i + 1));
            } else {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                System.arraycopy(bytes, 0, changed, from, length);
                Journal.Appended appended = journal.append(ByteBuffer.allocate(0), ByteBuffer.wrap(bytes));
                dirty.add(DirtyRange.data(from, i + 1, appended.payload()));
            }
        }
        List<Piece> pieces = Pieces.merge(0, changed.length, dirty, extents);
        Collected collected = new Collected();
        new Recutter(CHUNKER, reader).run(pieces, Long.MAX_VALUE, collected);

        assertReads(pieces, collected, changed);
        for (DirtyRange range : dirty) {
            assertThat(range.isHole() || collected.replaces(range.offset(), range.end()))
                    .isTrue();
        }
    }

    @Test
    void anEditInTheMiddleTouchesFewChunks() throws Exception {
        byte[] file = new byte[200_000];
        new Random(1).nextBytes(file);
        List<ExtentRow> extents = cutWhole(file);
        Journal.Appended appended = journal.append(ByteBuffer.allocate(0), ByteBuffer.wrap(new byte[] {1, 2, 3}));
        List<DirtyRange> dirty = List.of(DirtyRange.data(100_000, 1, appended.payload()));
        Collected collected = new Collected();
        new Recutter(CHUNKER, reader).run(Pieces.merge(0, file.length, dirty, extents), Long.MAX_VALUE, collected);

        assertThat(collected.cut.stream().mapToInt(c -> c.bytes().length).sum()).isLessThan(6 * 4_096);
        assertThat(extents.stream().map(ExtentRow::offset))
                .contains(collected.replaced.get(0)[0]);
        assertThat(extents.stream().map(ExtentRow::end))
                .contains(collected.replaced.get(0)[1]);
    }

    @Test
    void stopsBehindTheLimitAndLeavesTheRestDirty() throws Exception {
        byte[] bytes = new byte[100_000];
        new Random(2).nextBytes(bytes);
        Journal.Appended appended = journal.append(ByteBuffer.allocate(0), ByteBuffer.wrap(bytes));
        List<Piece> pieces =
                Pieces.merge(0, bytes.length, List.of(DirtyRange.data(0, 1, appended.payload())), List.of());
        Collected collected = new Collected();
        long stopped = new Recutter(CHUNKER, reader).run(pieces, 40_000, collected);

        assertThat(stopped).isBetween(40_000L, 40_000L + 4_096);
        assertThat(collected.replaced).hasSize(1);
        assertThat(collected.replaced.get(0)).containsExactly(0, stopped);
    }

    private List<ExtentRow> cutWhole(byte[] file) {
        List<ExtentRow> extents = new ArrayList<>();
        int at = 0;
        while (at < file.length) {
            int length = CHUNKER.cut(file, at, file.length - at);
            long number = chunks.size() + 1L;
            chunks.put(number, Arrays.copyOfRange(file, at, at + length));
            extents.add(new ExtentRow(1, at, length, number, 0, 0));
            at += length;
        }
        return extents;
    }

    /** Every byte is what it should be, where it can be read at all. */
    private void assertReads(List<Piece> pieces, Collected collected, byte[] expected) throws FsException {
        for (Piece piece : pieces) {
            boolean lost = piece instanceof Piece.Stored stored && damaged.contains(stored.chunk());
            for (long at = piece.offset(); at < piece.end(); at++) {
                CutChunk chunk = collected.at(at);
                if (lost) {
                    assertThat(chunk).as("what cannot be read at %d", at).isNull();
                    assertThat(collected.replaces(at, at + 1)).isFalse();
                    continue;
                }
                ByteBuffer one = chunk == null
                        ? reader.read(piece, at - piece.offset(), 1)
                        : ByteBuffer.wrap(chunk.bytes(), (int) (at - chunk.offset()), 1);
                assertThat(one.get()).as("byte %d", at).isEqualTo(expected[(int) at]);
            }
        }
    }

    private static final class Collected implements Recutter.Sink {
        final List<CutChunk> cut = new ArrayList<>();
        final List<long[]> replaced = new ArrayList<>();

        @Override
        public void chunk(CutChunk chunk) {
            cut.add(chunk);
        }

        @Override
        public void replaced(long from, long to) {
            assertThat(from).isLessThan(to);
            if (!replaced.isEmpty()) {
                assertThat(from).isGreaterThanOrEqualTo(replaced.get(replaced.size() - 1)[1]);
            }
            replaced.add(new long[] {from, to});
        }

        boolean replaces(long from, long to) {
            return replaced.stream().anyMatch(range -> range[0] <= from && range[1] >= to);
        }

        CutChunk at(long offset) {
            for (CutChunk chunk : cut) {
                if (offset >= chunk.offset() && offset < chunk.offset() + chunk.bytes().length) {
                    return chunk;
                }
            }
            return null;
        }
    }
}
