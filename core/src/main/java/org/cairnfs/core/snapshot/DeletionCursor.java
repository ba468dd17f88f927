package org.cairnfs.core.snapshot;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.metadata.h2.HistoryPlace;
import org.cairnfs.core.metadata.h2.HistoryRow;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.record.RowKeys;

/**
 * How far the deletion of a snapshot is: in which table, and behind which image in the order of their ends.
 *
 * <p>As bytes: id of the table (1), epoch of the last image's end (8), 1 and its key, or 0 where images of later epochs follow.
 */
record DeletionCursor(Table table, HistoryPlace behind) {
    static DeletionCursor of(Bytes progress, long epoch) {
        if (progress.length() == 0) {
            return new DeletionCursor(SnapshotDeletion.tables().get(0), HistoryPlace.after(epoch));
        }
        ByteBuffer in = progress.asBuffer();
        Table table = Table.ofId(in.get());
        long died = in.getLong();
        return new DeletionCursor(
                table,
                in.get() == 0
                        ? HistoryPlace.after(died)
                        : new HistoryPlace(died, Optional.of(RowKeys.decode(in, table))));
    }

    DeletionCursor behind(HistoryRow image) {
        return new DeletionCursor(
                table, new HistoryPlace(image.died(), Optional.of(image.row().key())));
    }

    /** Where the next table is begun. */
    Optional<DeletionCursor> nextTable(long epoch) {
        List<Table> tables = SnapshotDeletion.tables();
        int next = tables.indexOf(table) + 1;
        return next == tables.size()
                ? Optional.empty()
                : Optional.of(new DeletionCursor(tables.get(next), HistoryPlace.after(epoch)));
    }

    Bytes encode() {
        byte[] key = behind.key().map(RowKeys::encode).orElse(new byte[0]);
        return Bytes.ofTrusted(ByteBuffer.allocate(10 + key.length)
                .put((byte) table.id())
                .putLong(behind.died())
                .put((byte) (behind.key().isPresent() ? 1 : 0))
                .put(key)
                .array());
    }
}
