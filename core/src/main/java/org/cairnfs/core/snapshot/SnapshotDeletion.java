package org.cairnfs.core.snapshot;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.cairnfs.core.data.extent.ChunkReferences;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.h2.HistoryRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.SnapshotRow;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.metadata.row.Versions;
import org.cairnfs.core.metadata.row.WorkRow;
import org.cairnfs.core.work.WorkStep;

/**
 * Forgets what only a deleted snapshot saw, in small steps.
 *
 * <p>An image that it saw ended after its epoch; one that ended after that of the next snapshot as well is seen by that one. So the images
 * that ended in between are looked at, in the order of their ends, and those that no snapshot sees go: as many as were changed between the
 * two, and not as many as there are. The chunks of extents that go may die with them.
 *
 * <p>Of two that are deleted at a time, each takes what the other does not see any more either.
 */
public final class SnapshotDeletion implements WorkStep {
    private static final String OPERATION = "delete-snapshot";

    /** Images in a step; each extent costs an index look-up for its chunk. */
    private static final int IN_STEP = 256;

    private final LongSupplier journalSequence;

    /** @param journalSequence its newest sequence */
    public SnapshotDeletion(LongSupplier journalSequence) {
        this.journalSequence = journalSequence;
    }

    /** The number of the snapshot that a work deletes; empty if the work is another. */
    public static Optional<Long> deletedBy(WorkRow work) {
        return work.operation().equals(OPERATION)
                ? Optional.of(work.arguments().asBuffer().getLong())
                : Optional.empty();
    }

    /** The work that deletes a snapshot. */
    public static WorkRow work(long id, SnapshotRow snapshot) {
        Bytes arguments = Bytes.ofTrusted(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(snapshot.number())
                .putLong(snapshot.epoch())
                .array());
        return new WorkRow(id, OPERATION, arguments, Bytes.EMPTY);
    }

    @Override
    public String operation() {
        return OPERATION;
    }

    @Override
    public Optional<Bytes> step(Transaction transaction, WorkRow work) {
        ByteBuffer arguments = work.arguments().asBuffer();
        long number = arguments.getLong();
        long epoch = arguments.getLong();
        List<SnapshotRow> snapshots = transaction.scan(SnapshotRow.class, Optional.empty(), Integer.MAX_VALUE);
        Seen seen = Seen.of(snapshots);
        DeletionCursor cursor = DeletionCursor.of(work.cursor(), epoch);
        List<HistoryRow> page = transaction.historyByEnd(cursor.table(), cursor.behind(), IN_STEP);
        List<HistoryRow> within =
                page.stream().filter(image -> image.died() <= seen.after(epoch)).toList();
        forget(transaction, within.stream().filter(image -> !seen.is(image)).toList());
        if (within.size() == IN_STEP) {
            return Optional.of(cursor.behind(within.get(IN_STEP - 1)).encode());
        }
        Optional<DeletionCursor> next = cursor.nextTable(epoch);
        if (next.isEmpty()) {
            transaction.delete(new RowKey.Snapshot(number));
        }
        return next.map(DeletionCursor::encode);
    }

    private void forget(Transaction transaction, List<HistoryRow> images) {
        Set<Long> chunks = new LinkedHashSet<>();
        for (HistoryRow image : images) {
            if (image.row() instanceof ExtentRow extent) {
                transaction.forget(extent, image.died());
                chunks.add(extent.chunk());
            } else {
                transaction.forget(image.row().key(), image.died());
            }
        }
        long sequence = journalSequence.getAsLong();
        chunks.forEach(chunk -> ChunkReferences.released(transaction, chunk, sequence));
    }

    /** The epochs that snapshots show. */
    private record Seen(NavigableSet<Long> epochs) {
        static Seen of(List<SnapshotRow> snapshots) {
            NavigableSet<Long> epochs = new TreeSet<>();
            for (SnapshotRow snapshot : snapshots) {
                if ((snapshot.flags() & Snapshot.BEING_DELETED) == 0) {
                    epochs.add(snapshot.epoch());
                }
            }
            return new Seen(epochs);
        }

        boolean is(HistoryRow image) {
            Long first = epochs.ceiling(Versions.born(image.row()));
            return first != null && first < image.died();
        }

        /** The next one behind an epoch. */
        long after(long epoch) {
            Long next = epochs.higher(epoch);
            return next == null ? Long.MAX_VALUE : next;
        }
    }

    /** The tables whose images are forgotten, in the order in which that is done. */
    static List<Table> tables() {
        List<Table> versioned = new ArrayList<>();
        for (Table table : Table.values()) {
            if (table.versioned()) {
                versioned.add(table);
            }
        }
        return versioned;
    }
}
