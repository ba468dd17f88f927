package org.cairnfs.core.shipping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.cairnfs.core.bytes.MalformedException;
import org.cairnfs.core.data.codec.ChunkCodec;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.data.pack.PackName;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.record.JournalRecord;
import org.cairnfs.core.record.RandomRows;
import org.cairnfs.core.record.RowChange;
import org.cairnfs.core.testkit.Damage;
import org.junit.jupiter.api.Test;

/** Bodies of log objects as bytes. */
class LogBodyTest {
    private static final long FIRST = 1000;
    private static final ChunkCodec CODEC = new ChunkCodec(Compression.DEFAULT);

    @Property
    void whatWasWrittenIsRead(@ForAll("items") List<LogItem> items) throws Exception {
        LogBody.Writer writer = new LogBody.Writer(FIRST);
        items.forEach(writer::put);
        List<LogItem> found = new ArrayList<>();
        LogBody.<RuntimeException>read(writer.encode(CODEC), FIRST, found::add);
        // Records come first.
        List<LogItem> expected = new ArrayList<>(items);
        expected.sort(Comparator.comparing(item -> !(item instanceof LogItem.Logged)));
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void anyBytesParseOrAreMalformed() {
        byte[] plain = {0, 0, 4, 1, 1, 0, 9, 6, 1, 1, 0, 1, 3, 7, 1, 1, 0, 100};
        Damage.all(plain).forEach(damaged -> {
            byte[] bytes = damaged.bytes().array();
            byte[] body = CODEC.encode(bytes, 0, bytes.length);
            Throwable thrown = catchThrowable(() -> LogBody.read(body, FIRST, item -> {}));
            if (thrown != null) {
                assertThat(thrown).as(damaged.what()).isInstanceOf(MalformedException.class);
            }
        });
    }

    private static JournalRecord record(long seed) {
        Row row = new RandomRows(seed).row(Table.INODE);
        return new JournalRecord(
                JournalRecord.Kind.CHANGE_SET,
                List.of(new RowChange.Upsert(row)),
                List.of(),
                Optional.empty(),
                Bytes.EMPTY);
    }

    @Provide
    Arbitrary<List<LogItem>> items() {
        Arbitrary<Long> number = Arbitraries.longs().between(0, Long.MAX_VALUE / 2);
        Arbitrary<Integer> small = Arbitraries.integers().between(0, Integer.MAX_VALUE);
        Arbitrary<Bytes> bytes =
                Arbitraries.bytes().array(byte[].class).ofMaxSize(300).map(Bytes::copyOf);
        Arbitrary<LogItem> logged = Combinators.combine(number, number)
                .as((sequence, seed) -> new LogItem.Logged(FIRST + sequence, record(seed)));
        Arbitrary<LogItem> pack = Combinators.combine(number, number, bytes)
                .as((high, size, header) ->
                        new LogItem.OverlayPack(new PackName(high, ~high).objectKey(), header, size));
        Arbitrary<LogItem> chunk =
                Combinators.combine(small, bytes, small, small, small).as(LogItem.OverlayChunk::new);
        Arbitrary<LogItem> replaced = Combinators.combine(number, number, number, number)
                .as((inode, content, from, length) -> new LogItem.Replaced(inode, content, from, from + length));
        Arbitrary<LogItem> extent =
                Combinators.combine(number, number, number, small, small).as(LogItem.OverlayExtent::new);
        Arbitrary<LogItem> inline =
                Combinators.combine(number, number, number, bytes).as(LogItem.Inline::new);
        Arbitrary<LogItem> hole =
                Combinators.combine(number, number, number, number).as(LogItem.InlineHole::new);
        return Arbitraries.oneOf(logged, pack, chunk, replaced, extent, inline, hole)
                .list()
                .ofMaxSize(50);
    }
}
