package org.cairnfs.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Origin;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.Table;
import org.junit.jupiter.api.Test;

/** Whatever is written is read as it was; whatever else is there is refused in good order. */
class JournalRecordCodecProperties {
    @Property(tries = 300)
    void readsWhatWasWritten(@ForAll long seed) throws Exception {
        JournalRecord record = record(seed);
        ByteBuffer bytes = JournalRecordCodec.encode(record);
        assertThat(JournalRecordCodec.decode(bytes)).isEqualTo(record);
        assertThat(bytes.remaining()).isZero();
    }

    @Property(tries = 300)
    void rowsOfACheckpointAreReadBack(@ForAll long seed) throws Exception {
        RandomRows rows = new RandomRows(seed);
        for (Table table : Table.values()) {
            Row row = rows.row(table);
            RecordWriter out = new RecordWriter();
            RowCodecs.writeRow(out, row);
            assertThat(RowCodecs.readRow(new RecordReader(out.toBuffer()))).isEqualTo(row);
        }
    }

    @Property(tries = 30)
    void everyTruncationIsRefused(@ForAll long seed) {
        ByteBuffer bytes = JournalRecordCodec.encode(record(seed));
        for (int length = 0; length < bytes.limit(); length++) {
            ByteBuffer cut = bytes.duplicate().limit(length);
            assertThatThrownBy(() -> JournalRecordCodec.decode(cut)).isInstanceOf(RecordFormatException.class);
        }
    }

    /** A changed byte gives another record or a refusal; never another failure, nor much memory. */
    @Property(tries = 100)
    void everyMutationIsReadOrRefused(@ForAll long seed) {
        byte[] bytes = toArray(JournalRecordCodec.encode(record(seed)));
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte[] mutated = bytes.clone();
            mutated[i] = (byte) random.nextInt(256);
            try {
                assertThat(JournalRecordCodec.decode(ByteBuffer.wrap(mutated))).isNotNull();
            } catch (RecordFormatException e) {
                refused++;
                assertThat(e).hasMessageMatching("(?s).+");
            }
        }
        assertThat(refused).isLessThanOrEqualTo(bytes.length);
    }

    @Test
    void whatANewerVersionWroteIsNamed() {
        assertThatThrownBy(() -> JournalRecordCodec.decode(ByteBuffer.wrap(new byte[] {2})))
                .isInstanceOf(RecordFormatException.class)
                .hasMessageContaining("version 2");
        assertThatThrownBy(() -> JournalRecordCodec.decode(ByteBuffer.wrap(new byte[] {1, 0, 0, 1, 63, 1})))
                .isInstanceOf(RecordFormatException.class)
                .hasMessageContaining("table 63");
        assertThatThrownBy(() -> JournalRecordCodec.decode(ByteBuffer.wrap(new byte[] {1, 0, 0, 1, 1, 7})))
                .isInstanceOf(RecordFormatException.class)
                .hasMessageContaining("INODE in unknown version 7");
    }

    /** A count of two thousand million is not believed before the bytes for it are there. */
    @Test
    void aLargeCountTakesNoMemory() {
        byte[] bytes = {1, 0, 0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7};
        assertThatThrownBy(() -> JournalRecordCodec.decode(ByteBuffer.wrap(bytes)))
                .isInstanceOf(RecordFormatException.class)
                .hasMessageContaining("ends early");
    }

    /** The ids and the layout are a format: these bytes stay readable for ever. */
    @Test
    void theLayoutIsWhatItWas() throws Exception {
        JournalRecord record = new JournalRecord(
                JournalRecord.Kind.LAZY,
                List.of(
                        new RowChange.Upsert(new org.cairnfs.core.metadata.row.OrphanRow(300)),
                        new RowChange.Delete(new org.cairnfs.core.metadata.row.RowKey.Atime(5))),
                List.of(new ContentOp.Write(1, 2, 3, 4), new ContentOp.Drop(9, 0)),
                Optional.of(new Origin(1, 2, 3, 4)),
                Bytes.ofTrusted(new byte[] {7}));
        String origin =
                "01" + "0000000000000001" + "0000000000000002" + "0000000000000003" + "0000000000000004" + "0107";
        String hex = "01" + "01" + origin + "02" + "0901ac02" + "8805" + "02" + "0101020304" + "0309";
        byte[] golden = java.util.HexFormat.of().parseHex(hex);
        assertThat(toArray(JournalRecordCodec.encode(record))).isEqualTo(golden);
        assertThat(JournalRecordCodec.decode(ByteBuffer.wrap(golden))).isEqualTo(record);
    }

    @Test
    void theLayoutOfACloneIsWhatItWas() throws Exception {
        JournalRecord record = new JournalRecord(
                JournalRecord.Kind.CHANGE_SET,
                List.of(),
                List.of(new ContentOp.CloneRange(1, 2, 3, 4, 5, 300)),
                Optional.empty(),
                Bytes.EMPTY);
        byte[] golden = java.util.HexFormat.of().parseHex("01" + "00" + "00" + "00" + "01" + "060102030405ac02");
        assertThat(toArray(JournalRecordCodec.encode(record))).isEqualTo(golden);
        assertThat(JournalRecordCodec.decode(ByteBuffer.wrap(golden))).isEqualTo(record);
    }

    @Test
    void theLayoutOfEndsInEarlierEpochsIsWhatItWas() throws Exception {
        JournalRecord record = new JournalRecord(
                JournalRecord.Kind.CHANGE_SET,
                List.of(
                        new RowChange.Delete(new org.cairnfs.core.metadata.row.RowKey.Inode(5), 300),
                        new RowChange.Forget(new org.cairnfs.core.metadata.row.RowKey.Inode(6), 7)),
                List.of(new ContentOp.AsOf(7), new ContentOp.Drop(9, 7)),
                Optional.empty(),
                Bytes.EMPTY);
        byte[] golden = java.util.HexFormat.of()
                .parseHex("01" + "00" + "00" + "02" + "c1ac0205" + "410706" + "02" + "0507" + "070907");
        assertThat(toArray(JournalRecordCodec.encode(record))).isEqualTo(golden);
        assertThat(JournalRecordCodec.decode(ByteBuffer.wrap(golden))).isEqualTo(record);
    }

    private static byte[] toArray(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static JournalRecord record(long seed) {
        Random random = new Random(seed);
        RandomRows rows = new RandomRows(seed);
        List<RowChange> changes = new ArrayList<>();
        for (Table table : Table.values()) {
            int kind = random.nextInt(table.versioned() ? 5 : 3);
            if (kind == 0) {
                changes.add(new RowChange.Upsert(rows.row(table)));
            } else if (kind == 1) {
                changes.add(new RowChange.Delete(rows.row(table).key()));
            } else if (kind == 3) {
                changes.add(new RowChange.Delete(rows.row(table).key(), 1 + random.nextInt(1_000)));
            } else if (kind == 4) {
                changes.add(new RowChange.Forget(rows.row(table).key(), 1 + random.nextInt(1_000)));
            }
        }
        List<ContentOp> content = new ArrayList<>(List.of(
                new ContentOp.Write(rows.number(), rows.number(), rows.number(), rows.smallNumber()),
                new ContentOp.Hole(rows.number(), rows.number(), rows.number(), rows.number()),
                new ContentOp.Drop(rows.number(), rows.number()),
                new ContentOp.Flushed(rows.number(), rows.number(), rows.number(), rows.number()),
                new ContentOp.AsOf(rows.number()),
                new ContentOp.CloneRange(
                        rows.number(), rows.number(), rows.number(), rows.number(), rows.number(), rows.number())));
        java.util.Collections.shuffle(content, random);
        boolean asked = random.nextBoolean();
        return new JournalRecord(
                random.nextBoolean() ? JournalRecord.Kind.LAZY : JournalRecord.Kind.CHANGE_SET,
                changes,
                content.subList(0, random.nextInt(content.size() + 1)),
                asked
                        ? Optional.of(
                                new Origin(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()))
                        : Optional.empty(),
                asked ? rows.bytes(100) : Bytes.EMPTY);
    }
}
