package org.cairnfs.server.nfs.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.cairnfs.server.nfs.rpc.RecordAssembler.Step;
import org.cairnfs.server.nfs.rpc.RpcMetrics.Refusal;
import org.junit.jupiter.api.Test;

/** Record marking: however the stream is cut, the same records come out; and what breaks a limit is refused at its header. */
class RecordAssemblerTest {
    private static final int MAX = 1 << 20;
    private static final int LAST = 0x8000_0000;

    private final RecordAssembler assembler = new RecordAssembler(MAX);

    @Property(tries = 300)
    void anySplittingIntoFragmentsAndReadsGivesTheSameRecords(
            @ForAll @Size(max = 5) List<@IntRange(max = 30_000) Integer> lengths, @ForAll long seed)
            throws RefusedException {
        Random random = new Random(seed);
        List<ByteBuffer> sent = new ArrayList<>();
        ByteBuffer stream = ByteBuffer.allocate(400_000);
        for (int length : lengths) {
            byte[] record = new byte[length];
            random.nextBytes(record);
            sent.add(ByteBuffer.wrap(record));
            putInFragments(record, stream, random);
        }
        stream.flip();

        List<ByteBuffer> received = new ArrayList<>();
        while (stream.hasRemaining()) {
            int chunk = Math.min(stream.remaining(), 1 + random.nextInt(20_000));
            ByteBuffer in = stream.slice(stream.position(), chunk);
            stream.position(stream.position() + chunk);
            readAll(in, received);
        }

        assertThat(received).isEqualTo(sent);
        assertThat(assembler.isInRecord()).isFalse();
    }

    @Test
    void asksForMemoryBeforeMoreThanASmallPartIsStored() throws RefusedException {
        ByteBuffer in = ByteBuffer.allocate(4 + 20_000).putInt(LAST | 500_000).rewind();

        assertThat(assembler.advance(in)).isEqualTo(Step.NEEDS_MEMORY);
        assertThat(assembler.memoryNeeded()).isEqualTo(500_000);
        assertThat(in.remaining()).isEqualTo(20_000);
        assertThat(assembler.advance(in)).isEqualTo(Step.NEEDS_MEMORY);

        assembler.memoryGranted();
        assertThat(assembler.advance(in)).isEqualTo(Step.NEEDS_INPUT);
        assertThat(in.hasRemaining()).isFalse();
    }

    @Test
    void asksForTheLargestRecordWhileItsEndIsNotKnown() throws RefusedException {
        ByteBuffer in = ByteBuffer.allocate(4 + 9_000).putInt(500_000).rewind();

        assertThat(assembler.advance(in)).isEqualTo(Step.NEEDS_MEMORY);
        assertThat(assembler.memoryNeeded()).isEqualTo(MAX);
    }

    @Test
    void needsMemoryAnewForEachRecord() throws RefusedException {
        ByteBuffer in = ByteBuffer.allocate(2 * 20_004);
        in.putInt(LAST | 20_000).position(20_004).putInt(LAST | 20_000).rewind();

        assertThat(assembler.advance(in)).isEqualTo(Step.NEEDS_MEMORY);
        assembler.memoryGranted();
        assertThat(assembler.advance(in)).isEqualTo(Step.RECORD);
        assertThat(assembler.takeRecord().remaining()).isEqualTo(20_000);
        assertThat(assembler.advance(in)).isEqualTo(Step.NEEDS_MEMORY);
    }

    @Test
    void refusesAFragmentOverTheLimitAtItsHeader() {
        assertRefused(Refusal.RECORD_TOO_LARGE, LAST | MAX + 1);
        assertRefused(Refusal.RECORD_TOO_LARGE, LAST | 0x7FFF_FFFF);
        assertRefused(Refusal.RECORD_TOO_LARGE, 0x7FFF_FFFF);
    }

    @Test
    void takesAFragmentOfExactlyTheLimit() throws RefusedException {
        ByteBuffer in = ByteBuffer.allocate(5).putInt(LAST | MAX).rewind();
        assertThat(assembler.advance(in)).isEqualTo(Step.NEEDS_INPUT);
    }

    @Test
    void refusesFragmentsThatTogetherAreOverTheLimit() throws RefusedException {
        ByteBuffer first = ByteBuffer.allocate(4 + 100).putInt(100).rewind();
        assertThat(assembler.advance(first)).isEqualTo(Step.NEEDS_INPUT);

        assertRefused(Refusal.RECORD_TOO_LARGE, LAST | MAX - 99);
    }

    @Test
    void refusesAFloodOfEmptyFragments() throws RefusedException {
        ByteBuffer most = ByteBuffer.allocate(4 * RpcLimits.FRAGMENTS_PER_RECORD);
        assertThat(assembler.advance(most)).isEqualTo(Step.NEEDS_INPUT);
        assertThat(assembler.isInRecord()).isTrue();

        assertRefused(Refusal.TOO_MANY_FRAGMENTS, 0);
    }

    @Test
    void givesAnEmptyRecordAsSuch() throws RefusedException {
        assertThat(assembler.advance(ByteBuffer.allocate(4).putInt(LAST).rewind()))
                .isEqualTo(Step.RECORD);
        assertThat(assembler.takeRecord().hasRemaining()).isFalse();
        assertThatThrownBy(assembler::takeRecord).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void isInARecordFromItsFirstByteOn() throws RefusedException {
        assertThat(assembler.isInRecord()).isFalse();
        assertThat(assembler.advance(ByteBuffer.allocate(1))).isEqualTo(Step.NEEDS_INPUT);
        assertThat(assembler.isInRecord()).isTrue();
    }

    private void assertRefused(Refusal reason, int header) {
        ByteBuffer in = ByteBuffer.allocate(4).putInt(header).rewind();
        assertThatThrownBy(() -> assembler.advance(in))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private void readAll(ByteBuffer in, List<ByteBuffer> received) throws RefusedException {
        while (true) {
            switch (assembler.advance(in)) {
                case NEEDS_INPUT -> {
                    return;
                }
                case NEEDS_MEMORY -> assembler.memoryGranted();
                case RECORD -> received.add(assembler.takeRecord());
            }
        }
    }

    private static void putInFragments(byte[] record, ByteBuffer stream, Random random) {
        int from = 0;
        while (random.nextInt(3) > 0) {
            int length = Math.min(record.length - from, random.nextInt(9_000));
            stream.putInt(length).put(record, from, length);
            from += length;
        }
        stream.putInt(LAST | record.length - from).put(record, from, record.length - from);
    }
}
