package org.cairnfs.core.metadata;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.metadata.h2.HistoryRow;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.SnapshotRow;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.metadata.row.UsageRow;
import org.cairnfs.core.metadata.row.Versions;
import org.cairnfs.core.record.JournalRecord;
import org.cairnfs.core.record.JournalRecordCodec;
import org.cairnfs.core.record.RecordFormatException;
import org.cairnfs.core.record.RowChange;
import org.cairnfs.core.testkit.MemoryJournal;

/** What a journal means, worked out in the plainest way: maps, one record after the other, everything kept. */
final class JournalModel {
    private final Map<RowKey, Row> rows = new HashMap<>();
    private final Set<HistoryRow> history = new HashSet<>();

    /** The state after all records of a journal that still has its first one. */
    static JournalModel of(MemoryJournal journal) {
        JournalModel model = new JournalModel();
        journal.replay(1, (sequence, time, head, payload) -> model.apply(decode(head)));
        return model;
    }

    private static JournalRecord decode(ByteBuffer head) {
        try {
            return JournalRecordCodec.decode(head.duplicate());
        } catch (RecordFormatException e) {
            throw new AssertionError(e);
        }
    }

    Map<RowKey, Row> rows() {
        return rows;
    }

    Set<HistoryRow> history() {
        return history;
    }

    private void apply(JournalRecord record) {
        if (record.kind() == JournalRecord.Kind.LAZY) {
            InodeRow after = (InodeRow) ((RowChange.Upsert) record.rows().get(0)).row();
            InodeRow before = (InodeRow) rows.get(after.key());
            if (before == null || before.change() >= after.change()) {
                return;
            }
        }
        Map<RowChange, Row> old = new HashMap<>();
        for (RowChange change : record.rows()) {
            if (change instanceof RowChange.Forget forget) {
                history.removeIf(image -> image.row().key().equals(forget.key()) && image.died() == forget.died());
                continue;
            }
            Row before = change instanceof RowChange.Upsert upsert
                    ? rows.put(change.key(), upsert.row())
                    : rows.remove(change.key());
            if (before != null && Table.of(before).versioned()) {
                old.put(change, before);
            }
        }
        old.forEach((change, before) -> {
            long died = died(change);
            if (isSeen(Versions.born(before), died)) {
                history.add(new HistoryRow(before, died));
            }
        });
    }

    private long died(RowChange change) {
        if (change instanceof RowChange.Upsert upsert) {
            return Versions.born(upsert.row());
        }
        long died = ((RowChange.Delete) change).died();
        return died == RowChange.Delete.PRESENT ? epoch() : died;
    }

    private boolean isSeen(long born, long died) {
        return rows.values().stream()
                .anyMatch(row ->
                        row instanceof SnapshotRow snapshot && snapshot.epoch() >= born && snapshot.epoch() < died);
    }

    long epoch() {
        return Optional.ofNullable(rows.get(new RowKey.Counter("epoch")))
                .map(row -> ((CounterRow) row).value())
                .orElse(1L);
    }

    UsageRow usage(long root) {
        long bytes = 0;
        long inodes = 0;
        for (Row row : rows.values()) {
            if (row instanceof InodeRow inode && (root == 0 || inode.quotaRoot() == root)) {
                inodes++;
                bytes += inode.type() == FileType.REGULAR ? inode.size() : 0;
            }
        }
        return new UsageRow(root, bytes, inodes);
    }

    MetadataStatistics statistics(long databaseBytes) {
        long entries = 0;
        long chunks = 0;
        long unique = 0;
        long stored = 0;
        for (Row row : rows.values()) {
            if (Table.of(row) == Table.DIRENT) {
                entries++;
            } else if (row instanceof ChunkRow chunk) {
                chunks++;
                unique += chunk.deadSequence() == 0 ? chunk.length() : 0;
                stored += chunk.deadSequence() == 0 ? chunk.storedLength() : 0;
            }
        }
        return new MetadataStatistics(
                entries, usage(0).inodes(), chunks, usage(0).bytes(), unique, stored, databaseBytes);
    }
}
