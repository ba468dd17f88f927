package org.cairnfs.core.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.cairnfs.core.journal.Journal.PayloadRef;
import org.cairnfs.core.journal.SegmentHeader.Salt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Positions around 2^31 and beyond, and values at the ends of their ranges. */
class FrameBoundaryTest {
    private static final Salt SALT = new Salt(0x1122334455667788L, -1);

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {(1L << 31) - 100_000, (1L << 31) - 20, 1L << 31, (1L << 32) - 70_000, 1L << 40})
    void aFrameFarOutInASparseFile(long position) throws Exception {
        NioJournalFiles files = NioJournalFiles.in(directory);
        SegmentHeader header = new SegmentHeader(0, 0, 1, 1L << 31, 1, 0, SALT, Salt.NONE, 0, 0);
        Segment segment = Segment.create(files, header, PlainSealer.INSTANCE);
        segment.end = position;
        Entry entry = Entry.of("far out", 1, 200_000);
        FrameHeader frame = new FrameHeader(false, 7, 200_000, SALT.high(), 1L << 31, 5, (1L << 31) - 1);
        long payload = new FrameWriter(() -> false)
                .write(segment, frame, entry.headBuffer(), entry.payload().asBuffer());
        segment.accept(frame);
        assertThat(segment.file.size()).isEqualTo(segment.end);
        ByteBuffer back = ByteBuffer.allocate(100_000);
        PayloadReader.read(segment, new PayloadRef(1, payload, 200_000), 90_000, back);
        assertThat(back.flip()).isEqualTo(entry.payload().asBuffer().slice(90_000, 100_000));
        assertThat(ClaimSearch.search(segment, position - 1000, segment.end))
                .isEqualTo(new ClaimSearch.Found(1, (1L << 31) - 1));
        segment.file.close();
    }

    @Test
    void onlyTheNextSequenceOfTheSameSegmentIsTheNextRecord() throws Exception {
        NioJournalFiles files = NioJournalFiles.in(directory);
        SegmentHeader header = new SegmentHeader(0, 0, 1, 10, 1, 0, SALT, Salt.NONE, 0, 0);
        Segment segment = Segment.create(files, header, PlainSealer.INSTANCE);
        long second = append(segment, SALT.high(), 10);
        for (long[] wrong : new long[][] {{SALT.high(), 10}, {SALT.high(), 12}, {SALT.high() + 1, 11}}) {
            segment.end = second;
            append(segment, wrong[0], wrong[1]);
            FrameScanner scanner = new FrameScanner(segment, segment.end, 0);
            assertThat(scanner.next().header().sequence()).isEqualTo(10);
            assertThatThrownBy(scanner::next).isInstanceOf(FrameScanner.BadFrameException.class);
            assertThat(scanner.position()).isEqualTo(second);
        }
        segment.end = second;
        append(segment, SALT.high(), 11);
        FrameScanner scanner = new FrameScanner(segment, segment.end, 0);
        scanner.next();
        assertThat(scanner.next().header().sequence()).isEqualTo(11);
        assertThat(scanner.next()).isNull();
        segment.file.close();
    }

    private static long append(Segment segment, long salt, long sequence) throws Exception {
        FrameHeader frame = new FrameHeader(false, 4, 0, salt, sequence, 0, 9);
        ByteBuffer head = ByteBuffer.wrap(new byte[4]);
        new FrameWriter(() -> false).write(segment, frame, head, ByteBuffer.allocate(0));
        segment.accept(frame);
        return segment.end;
    }

    @Test
    void headersGoThereAndBack() throws Exception {
        SegmentHeader header = new SegmentHeader(
                1, -5, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, -1, SALT, new Salt(-1, 1), 1L << 62, 42);
        assertThat(SegmentHeader.decode(header.encode())).isEqualTo(header);
        FrameHeader frame = new FrameHeader(
                false,
                FrameHeader.MAX_HEAD,
                FrameHeader.MAX_PAYLOAD,
                -1,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                Long.MAX_VALUE - 1);
        assertThat(FrameHeader.decode(frame.encode(1L << 40), 1L << 40)).isEqualTo(frame);
        assertThat(FrameHeader.decode(frame.encode(1L << 40), (1L << 40) + 1)).isNull();
    }

    @Test
    void impossibleLengthsAndClaimsAreNoHeaders() {
        for (FrameHeader frame : new FrameHeader[] {
            new FrameHeader(false, FrameHeader.MAX_HEAD + 1, 0, 1, 1, 0, 0),
            new FrameHeader(false, -1, 0, 1, 1, 0, 0),
            new FrameHeader(false, 0, FrameHeader.MAX_PAYLOAD + 1, 1, 1, 0, 0),
            new FrameHeader(false, 0, -1, 1, 1, 0, 0),
            new FrameHeader(false, 0, 0, 1, 1, 0, 1),
            new FrameHeader(true, 1, 0, 1, 1, 0, 1),
            new FrameHeader(true, 0, 0, 1, 1, 0, 2)
        }) {
            assertThat(FrameHeader.decode(frame.encode(512), 512))
                    .as("%s", frame)
                    .isNull();
        }
    }

    @Test
    void namesOfSegments() {
        assertThat(Segment.fileName(255)).isEqualTo("00000000000000ff.seg");
        assertThat(Segment.numberOf("00000000000000ff.seg")).isEqualTo(255);
        for (String name : new String[] {"reserve", "ff.seg", "00000000000000FF.seg", "00000000000000xx.seg"}) {
            assertThat(Segment.numberOf(name)).as(name).isNegative();
        }
    }
}
