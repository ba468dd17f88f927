package org.cairnfs.core.restore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.cairnfs.core.metadata.CheckpointSource;
import org.cairnfs.core.metadata.RowSink;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.record.JournalRecord;
import org.cairnfs.core.record.JournalRecordCodec;
import org.cairnfs.core.record.RecordFormatException;
import org.cairnfs.core.record.RowChange;

/**
 * Those rows of the newest barrier that somebody is interested in, without a database: all others are passed over as they come.
 * Used by one thread.
 */
final class RowsNow implements RowSink {
    private final Predicate<Row> wanted;
    private final Map<RowKey, Row> rows = new LinkedHashMap<>();

    private RowsNow(Predicate<Row> wanted) {
        this.wanted = wanted;
    }

    /** Reads a checkpoint and the records behind it. */
    static Collection<Row> of(CheckpointSource.Checkpoint checkpoint, Predicate<Row> wanted) throws IOException {
        RowsNow now = new RowsNow(wanted);
        checkpoint.rows(now);
        checkpoint.shippedRecords((sequence, millis, head, payload) -> now.changes(sequence, head));
        return now.rows.values();
    }

    @Override
    public void row(Row row) {
        if (wanted.test(row)) {
            rows.put(row.key(), row);
        } else {
            rows.remove(row.key());
        }
    }

    @Override
    public void history(Row row, long died) {
        // What is past is in no table that anybody asks for here.
    }

    private void changes(long sequence, ByteBuffer head) {
        try {
            JournalRecord record = JournalRecordCodec.decode(head.duplicate());
            for (RowChange change : record.rows()) {
                if (change instanceof RowChange.Upsert upsert) {
                    row(upsert.row());
                } else if (change instanceof RowChange.Delete) {
                    rows.remove(change.key());
                }
            }
        } catch (RecordFormatException e) {
            throw new IllegalStateException("record " + sequence + " was encoded here: " + e.getMessage(), e);
        }
    }
}
