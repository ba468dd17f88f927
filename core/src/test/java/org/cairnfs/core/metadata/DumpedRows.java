package org.cairnfs.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.metadata.h2.HistoryRow;
import org.cairnfs.core.metadata.row.KeyColumns;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.shipping.ReducedLog;

/** A dump in memory: checks the order in which it comes, and gives it back as a checkpoint. */
final class DumpedRows implements RowSink, CheckpointSource.Checkpoint {
    private final List<Row> rows = new ArrayList<>();
    private final List<HistoryRow> history = new ArrayList<>();
    private DumpRange range;

    static DumpedRows of(H2MetadataStore store) throws IOException {
        DumpedRows dump = new DumpedRows();
        dump.range = store.dump(dump);
        return dump;
    }

    /** Of a store that nobody uses: again, if access times were journaled meanwhile. */
    static DumpedRows atRest(H2MetadataStore store) throws IOException {
        DumpedRows dump = of(store);
        while (dump.range.consistent() > dump.range.applied()) {
            dump = of(store);
        }
        return dump;
    }

    @Override
    public void row(Row row) {
        assertThat(history).as("the present comes before history").isEmpty();
        if (!rows.isEmpty() && Table.of(rows.get(rows.size() - 1)) == Table.of(row)) {
            assertThat(KeyColumns.compare(rows.get(rows.size() - 1).key(), row.key()))
                    .isNegative();
        }
        rows.add(row);
    }

    @Override
    public void history(Row row, long died) {
        history.add(new HistoryRow(row, died));
    }

    @Override
    public DumpRange range() {
        return range;
    }

    @Override
    public void rows(RowSink sink) throws IOException {
        for (Row row : rows) {
            sink.row(row);
        }
        for (HistoryRow row : history) {
            sink.history(row.row(), row.died());
        }
    }

    CheckpointSource asSource() {
        return () -> Optional.of(this);
    }

    /** The same, with the records up to a barrier. */
    CheckpointSource withLog(long shipped, ReducedLog log) {
        CheckpointSource.Checkpoint dump = this;
        return () -> Optional.of(new CheckpointSource.Checkpoint() {
            @Override
            public DumpRange range() {
                return range;
            }

            @Override
            public void rows(RowSink sink) throws IOException {
                dump.rows(sink);
            }

            @Override
            public long shippedThrough() {
                return shipped;
            }

            @Override
            public void shippedRecords(Journal.RecordVisitor visitor) {
                log.records(range.applied(), visitor);
            }
        });
    }

    /** Of a store at rest: exactly what the model says. */
    void assertEquals(JournalModel model) {
        Map<RowKey, Row> byKey = new HashMap<>();
        rows.forEach(row -> byKey.put(row.key(), row));
        assertThat(byKey).isEqualTo(model.rows());
        assertThat(history).containsExactlyInAnyOrderElementsOf(model.history());
    }
}
