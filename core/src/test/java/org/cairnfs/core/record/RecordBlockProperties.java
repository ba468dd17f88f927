package org.cairnfs.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.testkit.Damage;
import org.junit.jupiter.api.Test;

class RecordBlockProperties {
    private static final long FIRST = 1_000_000;
    private static final List<Table> TABLES = List.of(Table.values());

    @Property
    void whatWasPutIsRead(@ForAll long seed) throws Exception {
        Map<Long, JournalRecord> records = records(seed, 60);
        assertThat(read(write(records))).isEqualTo(records);
    }

    /** Of rows that follow each other, as those of a copied tree do, little is left. */
    @Test
    void whatIsAlikeTakesLittle() {
        Row first = new RandomRows(1).row(Table.INODE);
        Map<Long, JournalRecord> records = new LinkedHashMap<>();
        int single = 0;
        for (int i = 0; i < 1_000; i++) {
            InodeRow row =
                    ((InodeRow) first).edit().ctime(i * 1_000L).size(i % 7).build();
            JournalRecord record = record(JournalRecord.Kind.CHANGE_SET, List.of(new RowChange.Upsert(row)));
            single += JournalRecordCodec.encode(record).remaining();
            records.put(FIRST + i, record);
        }
        assertThat(write(records).length).isLessThan(single / 2);
    }

    @Test
    void anyBytesParseOrAreRefused() {
        byte[] block = write(records(7, 6));
        Damage.all(block).forEach(damaged -> {
            Throwable thrown = catchThrowable(() -> read(damaged.bytes().array()));
            if (thrown != null) {
                assertThat(thrown).as(damaged.what()).isInstanceOf(RecordFormatException.class);
            }
        });
    }

    private static byte[] write(Map<Long, JournalRecord> records) {
        RecordBlock.Writer writer = new RecordBlock.Writer(FIRST);
        records.forEach(writer::put);
        RecordWriter out = new RecordWriter();
        writer.writeTo(out);
        return out.toBytes().toArray();
    }

    private static Map<Long, JournalRecord> read(byte[] block) throws RecordFormatException {
        Map<Long, JournalRecord> records = new LinkedHashMap<>();
        RecordReader in = new RecordReader(Bytes.ofTrusted(block).asBuffer());
        RecordBlock.<RuntimeException>read(in, FIRST, records::put);
        return records;
    }

    private static Map<Long, JournalRecord> records(long seed, int most) {
        Random random = new Random(seed);
        RandomRows rows = new RandomRows(seed);
        Map<Long, JournalRecord> records = new LinkedHashMap<>();
        long sequence = FIRST;
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            Map<RowKey, RowChange> changes = new LinkedHashMap<>();
            for (int j = random.nextInt(4); j > 0; j--) {
                Row row = rows.row(TABLES.get(random.nextInt(TABLES.size())));
                changes.put(
                        row.key(),
                        random.nextInt(3) == 0 ? new RowChange.Delete(row.key()) : new RowChange.Upsert(row));
            }
            JournalRecord.Kind kind = random.nextBoolean() ? JournalRecord.Kind.LAZY : JournalRecord.Kind.CHANGE_SET;
            records.put(sequence, record(kind, new ArrayList<>(changes.values())));
            sequence += 1 + random.nextInt(random.nextBoolean() ? 3 : 1_000_000);
        }
        return records;
    }

    private static JournalRecord record(JournalRecord.Kind kind, List<RowChange> rows) {
        return new JournalRecord(kind, rows, List.of(), Optional.empty(), Bytes.EMPTY);
    }
}
