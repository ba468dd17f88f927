package org.cairnfs.core.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketOptions;
import org.cairnfs.core.bucket.Buckets;
import org.cairnfs.core.bucket.ChainEnd;
import org.cairnfs.core.crypto.Argon2Cost;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.metadata.row.AtimeRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.record.JournalRecord;
import org.cairnfs.core.record.JournalRecordCodec;
import org.cairnfs.core.record.RecordFormatException;
import org.cairnfs.core.record.RowChange;
import org.cairnfs.core.testkit.MemoryJournal;
import org.cairnfs.core.testkit.MemoryObjectStore;
import org.junit.jupiter.api.Test;

/** Barriers of many and large records. */
class BarrierWriterTest {
    private static final int ROWS_PER_RECORD = 1_000;
    private static final int RECORDS = 350;

    /** As when large files are removed: so many rows, of which nothing is overtaken, must not all be in memory at a time. */
    @Test
    void theWindowIsBoundedInRows() throws Exception {
        MemoryJournal journal = new MemoryJournal();
        for (int record = 0; record < RECORDS; record++) {
            List<RowChange> rows = new ArrayList<>();
            rows.add(new RowChange.Upsert(new AtimeRow(1, record)));
            for (int row = 0; row < ROWS_PER_RECORD; row++) {
                rows.add(new RowChange.Upsert(new AtimeRow(2 + (long) record * ROWS_PER_RECORD + row, record)));
            }
            JournalRecord change =
                    new JournalRecord(JournalRecord.Kind.CHANGE_SET, rows, List.of(), Optional.empty(), Bytes.EMPTY);
            journal.append(JournalRecordCodec.encode(change), ByteBuffer.allocate(0));
        }
        try (Bucket bucket = Buckets.create(
                new MemoryObjectStore(),
                new BucketOptions(
                        "test", ChunkSizes.ofAverage(16 << 10), Compression.DEFAULT, new Argon2Cost(64, 1, 1)),
                List.of(),
                Clock.systemUTC())) {
            BarrierWriter writer = new BarrierWriter(
                    bucket.chain(ChainEnd.START),
                    new BarrierWriter.Writer(1, new UUID(1, 2)),
                    bucket.codec(),
                    Clock.systemUTC());
            writer.write(journal, 1, RECORDS, List.of());

            Map<RowKey, Row> found = new HashMap<>();
            List<RowKey> all = new ArrayList<>();
            ShippedLog.whole(bucket).records(0, (sequence, time, head, payload) -> {
                for (RowChange change : rows(head)) {
                    found.put(change.key(), ((RowChange.Upsert) change).row());
                    all.add(change.key());
                }
            });
            assertThat(found).hasSize(1 + RECORDS * ROWS_PER_RECORD);
            assertThat(found).containsEntry(new RowKey.Atime(1), new AtimeRow(1, RECORDS - 1));
            assertThat(all)
                    .as("what every record sets is there once in a window")
                    .filteredOn(new RowKey.Atime(1)::equals)
                    .hasSize(1 + (RECORDS * ROWS_PER_RECORD - 1) / RecordWindow.MAX_ROWS);
        }
    }

    private static List<RowChange> rows(ByteBuffer head) {
        try {
            return JournalRecordCodec.decode(head.duplicate()).rows();
        } catch (RecordFormatException e) {
            throw new AssertionError(e);
        }
    }
}
