package org.cairnfs.core.data.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.journal.Journal.PayloadRef;
import org.cairnfs.core.testkit.MemoryJournal;
import org.junit.jupiter.api.Test;

class JournaledBlocksTest {
    private static final int BLOCK = Journal.PAYLOAD_BLOCK;
    private static final int MIB = 1 << 20;

    private final AtomicLong now = new AtomicLong(1);
    private final List<Long> told = new ArrayList<>();
    private final JournaledBlocks[] made = new JournaledBlocks[1];
    private final JournaledBlocks blocks = blocks(10L * MIB);

    private JournaledBlocks blocks(long bound) {
        made[0] = new JournaledBlocks(bound, now::get, () -> told.add(made[0].taken()));
        return made[0];
    }

    private static PayloadRef payload(long position) {
        return new PayloadRef(1, position, MIB);
    }

    private static ByteBuffer bytes(int length) {
        return ByteBuffer.allocate(length).asReadOnlyBuffer();
    }

    @Test
    void whatIsReadKeepsItsPlace() {
        JournaledBlocks small = blocks(3L * (BLOCK + 256));
        for (int block = 0; block < 3; block++) {
            assertThat(small.hasRoom(BLOCK)).isTrue();
            small.put(payload(0), block, bytes(BLOCK));
        }
        assertThat(small.hasRoom(BLOCK)).isFalse();
        small.put(payload(MIB), 0, bytes(BLOCK));
        assertThat(small.get(payload(MIB), 0)).as("found no room").isEmpty();
        assertThat(small.bytes()).isEqualTo(3L * (BLOCK + 256));

        now.addAndGet(Duration.ofSeconds(20).toNanos());
        assertThat(small.get(payload(0), 0)).isPresent();
        assertThat(small.get(payload(0), 2)).isPresent();
        now.addAndGet(Duration.ofSeconds(20).toNanos());
        small.put(payload(MIB), 0, bytes(BLOCK));
        assertThat(small.get(payload(0), 1)).as("not read for 40 s").isEmpty();
        assertThat(small.get(payload(0), 0)).as("read since").isPresent();
        assertThat(small.get(payload(0), 2)).as("read since").isPresent();
        assertThat(small.get(payload(MIB), 0)).as("another payload").isPresent();
    }

    /** What is larger than the memory, read over and over, is opened in part; a small part of a block is not opened whole for nothing. */
    @Test
    void aPartOfWhatIsLargerThanTheMemoryIsKept() throws Exception {
        MemoryJournal journal = spy(new MemoryJournal());
        PayloadRef payload = journal.append(ByteBuffer.allocate(1), ByteBuffer.allocate(8 * BLOCK))
                .payload();
        PieceReader reader = new PieceReader(journal, chunk -> ByteBuffer.allocate(0), blocks(6L * (BLOCK + 256)));
        Piece.Journaled whole = new Piece.Journaled(0, 8L * BLOCK, payload, 0);
        for (int block = 0; block < 8; block++) {
            assertThat(reader.read(whole, (long) block * BLOCK, 100).remaining())
                    .isEqualTo(100);
        }
        clearInvocations(journal);
        for (int pass = 0; pass < 3; pass++) {
            for (int block = 0; block < 8; block++) {
                reader.read(whole, (long) block * BLOCK, 100);
            }
        }
        verify(journal, times(3 * 2)).readPayload(any(), anyInt(), argThat(target -> target.capacity() == 100));
        verify(journal, times(3 * 2)).readPayload(any(), anyInt(), any());
    }

    @Test
    void whatNobodyReadsAnyMoreGoes() {
        blocks.put(payload(0), 0, bytes(BLOCK));
        blocks.put(payload(0), 1, bytes(BLOCK));
        now.addAndGet(Duration.ofSeconds(29).toNanos());
        blocks.dropIdle();
        assertThat(blocks.get(payload(0), 0)).isPresent();
        now.addAndGet(Duration.ofSeconds(2).toNanos());
        blocks.dropIdle();
        assertThat(blocks.bytes()).as("block 0 was read 2 s ago, block 1 never").isEqualTo(BLOCK + 256);
        now.addAndGet(Duration.ofSeconds(30).toNanos());
        blocks.dropIdle();
        assertThat(blocks.bytes()).isZero();
        assertThat(told).as("what is taken, each time that it changed").containsExactly((long) MIB, 0L);
    }

    @Test
    void othersAreToldOfEachMebibyteThatIsTakenAndNotOfLess() {
        for (int i = 0; i < 40; i++) {
            blocks.put(payload(0), i, bytes(BLOCK));
            assertThat(blocks.taken()).isBetween(blocks.bytes(), blocks.bytes() + MIB);
        }
        assertThat(told).containsExactly((long) MIB, 2L * MIB, 3L * MIB);
        blocks.resize(MIB);
        assertThat(blocks.bytes()).isLessThanOrEqualTo(MIB);
        blocks.clear();
        assertThat(told).containsExactly((long) MIB, 2L * MIB, 3L * MIB, (long) MIB, 0L);
    }

    /** The same block put twice, as by two readers at once, is counted once. */
    @Test
    void aBlockIsCountedOnce() {
        blocks.put(payload(0), 0, bytes(BLOCK));
        blocks.put(payload(0), 0, bytes(BLOCK));
        assertThat(blocks.bytes()).isEqualTo(BLOCK + 256);
    }

    @Test
    void theMemoryIsSharedWithTheChunksAndItsBoundHolds() {
        StoredChunks chunks = new StoredChunks(mock(ChunkFetch.class), 8L * MIB, Runnable::run);
        for (int i = 0; i < 200; i++) {
            chunks.journaledBlocks().put(payload(0), i, bytes(BLOCK));
            assertThat(chunks.memoryBytes()).isLessThanOrEqualTo(chunks.memoryBound());
        }
        assertThat(chunks.memoryBound()).isEqualTo(8L * MIB);
        assertThat(chunks.memoryBytes()).as("three quarters, nearly").isGreaterThan(5L * MIB);
        chunks.resize(4L * MIB);
        assertThat(chunks.memoryBound()).isEqualTo(4L * MIB);
        assertThat(chunks.memoryBytes()).isLessThanOrEqualTo(3L * MIB);
        chunks.clear();
        assertThat(chunks.memoryBytes()).isZero();
    }

    /** However often and in whatever parts it is read, each block is taken from the journal, and opened, once. */
    @Test
    void whatWasWrittenIsOpenedOnce() throws Exception {
        MemoryJournal journal = spy(new MemoryJournal());
        byte[] written = new byte[5 * BLOCK + 100];
        new Random(1).nextBytes(written);
        PayloadRef payload =
                journal.append(ByteBuffer.allocate(1), ByteBuffer.wrap(written)).payload();
        PieceReader reader = new PieceReader(journal, chunk -> ByteBuffer.allocate(0), blocks);
        Piece.Journaled whole = new Piece.Journaled(0, written.length, payload, 0);
        for (int pass = 0; pass < 3; pass++) {
            assertThat(read(reader, whole)).isEqualTo(written);
        }
        Random random = new Random(2);
        for (int i = 0; i < 200; i++) {
            int from = random.nextInt(written.length);
            int length = 1 + random.nextInt(written.length - from);
            byte[] part = read(reader, new Piece.Journaled(77, 77 + length, payload, from));
            assertThat(ByteBuffer.wrap(part)).isEqualTo(ByteBuffer.wrap(written, from, length));
        }
        verify(journal, times(6)).readPayload(any(), anyInt(), any());
    }

    /** A flush reads each byte once; what others read stays. */
    @Test
    void aReaderWithoutMemoryKeepsNothing() throws Exception {
        MemoryJournal journal = spy(new MemoryJournal());
        PayloadRef payload = journal.append(ByteBuffer.allocate(1), ByteBuffer.allocate(2 * BLOCK))
                .payload();
        PieceReader reader = new PieceReader(journal, chunk -> ByteBuffer.allocate(0));
        Piece.Journaled whole = new Piece.Journaled(0, 2L * BLOCK, payload, 0);
        assertThat(read(reader, whole)).hasSize(2 * BLOCK);
        assertThat(read(reader, whole)).hasSize(2 * BLOCK);
        verify(journal, times(2)).readPayload(any(), anyInt(), any());
    }

    private static byte[] read(PieceReader reader, Piece piece) throws FsException {
        ByteBuffer all = ByteBuffer.allocate((int) piece.length());
        while (all.hasRemaining()) {
            all.put(reader.read(piece, all.position(), all.remaining()));
        }
        return all.array();
    }
}
