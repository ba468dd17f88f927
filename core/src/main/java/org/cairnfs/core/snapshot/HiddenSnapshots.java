package org.cairnfs.core.snapshot;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.Epochs;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.Mutation;
import org.cairnfs.core.metadata.Rows;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.SnapshotRow;

/**
 * Snapshots without a name, within mutations: each keeps one moment for as long as something reads in it, a copy or a comparison. Whoever
 * takes one drops it, in the mutation that ends what it was for. Stateless.
 */
public final class HiddenSnapshots {
    private HiddenSnapshots() {}

    /**
     * Keeps a moment: that of another snapshot, or else this one, for which the epoch is raised.
     *
     * @param of number of a snapshot that can be seen; empty for the present
     * @throws FsException ENOENT if there is no such snapshot any more
     */
    public static SnapshotRow take(Transaction transaction, OptionalLong of) throws FsException {
        long number = Snapshots.nextNumber(transaction);
        long epoch = of.isPresent() ? epochOf(transaction, of.getAsLong()) : transaction.epoch();
        SnapshotRow row = new SnapshotRow(
                number, epoch, null, TimeUnit.NANOSECONDS.toMillis(transaction.now()), 0, Snapshot.HIDDEN);
        transaction.put(row);
        if (of.isEmpty()) {
            transaction.put(new CounterRow(Epochs.COUNTER, epoch + 1));
        }
        return row;
    }

    private static long epochOf(Transaction transaction, long number) throws FsException {
        return find(transaction, number)
                .filter(Snapshot::isVisible)
                .map(SnapshotRow::epoch)
                .orElseThrow(() -> new FsException(Errno.ENOENT, "the snapshot was deleted meanwhile"));
    }

    /** Keeps it no more; what only it saw goes in the background, which the caller wakes. Does nothing if it is gone. */
    public static void drop(Transaction transaction, long number) {
        find(transaction, number)
                .filter(row -> (row.flags() & Snapshot.BEING_DELETED) == 0)
                .ifPresent(row -> {
                    transaction.put(new SnapshotRow(
                            number, row.epoch(), null, row.createdMillis(), 0, row.flags() | Snapshot.BEING_DELETED));
                    transaction.put(SnapshotDeletion.work(transaction.newWork(), row));
                });
    }

    /** Drops those for which nothing is done any more, as the server that did it has ended. */
    public static void dropForsaken(MetadataStore store, Set<Long> inUse) throws FsException {
        List<Long> forsaken = Rows.all(store.view(), SnapshotRow.class).stream()
                .filter(row -> row.flags() == Snapshot.HIDDEN && !inUse.contains(row.number()))
                .map(SnapshotRow::number)
                .toList();
        if (!forsaken.isEmpty()) {
            store.mutate(freeing(transaction -> {
                forsaken.forEach(number -> drop(transaction, number));
                return null;
            }));
        }
    }

    /** A mutation that may use the reserve of the journal. */
    static <T> Mutation<T> freeing(Mutation<T> body) {
        return new Mutation<>() {
            @Override
            public T run(Transaction transaction) throws FsException {
                return body.run(transaction);
            }

            @Override
            public boolean usesReserve() {
                return true;
            }
        };
    }

    private static Optional<SnapshotRow> find(Transaction transaction, long number) {
        List<SnapshotRow> rows = transaction.scan(SnapshotRow.class, Optional.empty(), Integer.MAX_VALUE);
        return rows.stream().filter(row -> row.number() == number).findFirst();
    }
}
