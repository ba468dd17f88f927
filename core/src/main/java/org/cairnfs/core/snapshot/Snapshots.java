package org.cairnfs.core.snapshot;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Origin;
import org.cairnfs.core.metadata.Epochs;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.MetadataStore.Committed;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.Mutation;
import org.cairnfs.core.metadata.Rows;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.SnapshotRow;

/**
 * The snapshots of a file system: made, named, held and deleted, each in one mutation.
 *
 * <p>Making one raises the epoch, and that is all: the present is not touched, however large it is. From then on the first change of each row
 * keeps the image that the snapshot sees. Deleting one takes its name at once; what only it saw is forgotten in the background ({@link
 * SnapshotDeletion}).
 *
 * <p>Invariant: {@link #all} are the rows that can be seen, from the moment that they can be read until they are to go; so what was read of
 * one that is still there afterwards was whole. Thread-safe.
 */
public final class Snapshots {
    /** Name of the directory in which snapshots are, in every directory. */
    public static final String DIRECTORY = ".snapshots";

    /** Counter of the newest snapshot's number. */
    public static final String NUMBER = "snapshot";

    /** Nanoseconds of the change, or one more than before. */
    private static final String CHANGED = Epochs.SNAPSHOTS_CHANGED;

    private final MetadataStore store;
    private final Runnable wakeBackground;
    private final ConcurrentSkipListMap<Long, Snapshot> visible = new ConcurrentSkipListMap<>();
    private volatile long changed;

    /** @param wakeBackground called when there is background work to do; does not block */
    public Snapshots(MetadataStore store, Runnable wakeBackground) {
        this.store = store;
        this.wakeBackground = wakeBackground;
        for (SnapshotRow row : Rows.all(store.view(), SnapshotRow.class)) {
            if (Snapshot.isVisible(row)) {
                visible.put(row.number(), Snapshot.of(row));
            }
        }
        changed = counter(store.view(), CHANGED);
    }

    /**
     * Who asks for a change that must not be made twice: what is answered is journaled with the change, and the same request finds it there
     * after a crash.
     */
    public record Request(Optional<Origin> origin, Answer answer) {
        /** Of someone who looks before asking again. */
        public static final Request ANONYMOUS = new Request(Optional.empty(), (snapshot, before, after) -> Bytes.EMPTY);
    }

    /** What is answered: of the snapshot, and {@link #changed} before and after. */
    @FunctionalInterface
    public interface Answer {
        Bytes of(Snapshot snapshot, long before, long after);
    }

    /** All of them, the oldest first. */
    public Collection<Snapshot> all() {
        return List.copyOf(visible.values());
    }

    public Optional<Snapshot> find(Name name) {
        return visible.values().stream()
                .filter(snapshot -> snapshot.name().equals(name))
                .findFirst();
    }

    /** One by its number; empty if it was deleted. */
    public Optional<Snapshot> find(long number) {
        return Optional.ofNullable(visible.get(number));
    }

    /** @throws FsException ENOENT */
    public Snapshot require(Name name) throws FsException {
        return find(name).orElseThrow(() -> new FsException(Errno.ENOENT, "there is no snapshot " + name));
    }

    /** When it last changed which snapshots there are, and how they are called: in nanoseconds, strictly monotonic. */
    public long changed() {
        return changed;
    }

    /**
     * Takes a snapshot of everything that was answered, at one moment.
     *
     * @param automatic whether the schedule asks, which may delete it later
     * @return the snapshot, with the sequence of its record
     * @throws FsException EEXIST; EAGAIN when the journal has no room
     */
    public Committed<Snapshot> create(Name name, boolean automatic) throws FsException {
        return create(Request.ANONYMOUS, name, automatic);
    }

    /** The same for a request. */
    public Committed<Snapshot> create(Request request, Name name, boolean automatic) throws FsException {
        return mutate(request, false, transaction -> take(transaction, name, automatic));
    }

    /**
     * Takes a snapshot of everything before this mutation, within it: what is put after this call is not of it.
     *
     * @throws FsException EEXIST; nothing is changed then
     */
    public Snapshot take(Transaction transaction, Name name, boolean automatic) throws FsException {
        requireFree(transaction, name);
        long number = nextNumber(transaction);
        long epoch = transaction.epoch();
        SnapshotRow row = new SnapshotRow(
                number,
                epoch,
                Bytes.copyOf(name.bytes()),
                TimeUnit.NANOSECONDS.toMillis(transaction.now()),
                0,
                automatic ? Snapshot.AUTOMATIC : 0);
        transaction.put(row);
        transaction.put(new CounterRow(Epochs.COUNTER, epoch + 1));
        Snapshot made = Snapshot.of(row);
        changed(transaction, () -> visible.put(number, made));
        return made;
    }

    /** Whether a mutation could give a snapshot this name. */
    public static boolean isFree(Transaction transaction, Name name) {
        return rows(transaction).stream().noneMatch(row -> isNamed(row, name));
    }

    /** @throws FsException ENOENT; EEXIST */
    public Committed<Snapshot> rename(Name from, Name to) throws FsException {
        return rename(Request.ANONYMOUS, from, to);
    }

    /** The same for a request. */
    public Committed<Snapshot> rename(Request request, Name from, Name to) throws FsException {
        return change(request, from, (transaction, snapshot) -> {
            if (!from.equals(to)) {
                requireFree(transaction, to);
            }
            return snapshot.row(to, snapshot.holds());
        });
    }

    /** Keeps it from being deleted, until {@link #release}; holds are counted. */
    public Committed<Snapshot> hold(Name name) throws FsException {
        return change(
                Request.ANONYMOUS,
                name,
                (transaction, snapshot) -> snapshot.row(name, Math.addExact(snapshot.holds(), 1)));
    }

    /** @throws FsException ENOENT; EINVAL if nobody holds it */
    public Committed<Snapshot> release(Name name) throws FsException {
        return change(Request.ANONYMOUS, name, (transaction, snapshot) -> {
            if (snapshot.holds() == 0) {
                throw new FsException(Errno.EINVAL, "nobody holds snapshot " + name);
            }
            return snapshot.row(name, snapshot.holds() - 1);
        });
    }

    /**
     * Deletes it: it cannot be seen any more when this returns, and what only it saw goes in the background.
     *
     * @throws FsException ENOENT; EBUSY if it is held
     */
    public Committed<Snapshot> delete(Name name) throws FsException {
        return delete(Request.ANONYMOUS, name);
    }

    /** The same for a request. */
    public Committed<Snapshot> delete(Request request, Name name) throws FsException {
        Committed<Snapshot> deleted = mutate(request, true, transaction -> {
            SnapshotRow row = row(transaction, name);
            if (row.holds() > 0) {
                throw new FsException(Errno.EBUSY, "snapshot " + name + " is held; release it first");
            }
            transaction.put(new SnapshotRow(
                    row.number(), row.epoch(), null, row.createdMillis(), 0, row.flags() | Snapshot.BEING_DELETED));
            transaction.put(SnapshotDeletion.work(transaction.newWork(), row));
            // Before anything of it goes: who reads in it finds out afterwards.
            transaction.onAppended(sequence -> visible.remove(row.number()));
            changed(transaction, () -> {});
            return Snapshot.of(row);
        });
        wakeBackground.run();
        return deleted;
    }

    /** Gives a snapshot a name of its own that has none, or that of another: a repair. */
    public void nameAnew(long number) throws FsException {
        store.mutate(transaction -> {
            for (SnapshotRow row : rows(transaction)) {
                if (row.number() == number && Snapshot.isVisible(row) && !isOnlyOne(transaction, row)) {
                    Name name = Name.of("snapshot-" + number);
                    requireFree(transaction, name);
                    SnapshotRow named = new SnapshotRow(
                            number,
                            row.epoch(),
                            Bytes.copyOf(name.bytes()),
                            row.createdMillis(),
                            row.holds(),
                            row.flags());
                    transaction.put(named);
                    changed(transaction, () -> visible.put(number, Snapshot.of(named)));
                }
            }
            return null;
        });
    }

    private static boolean isOnlyOne(Transaction transaction, SnapshotRow row) {
        return row.name() != null
                && rows(transaction).stream()
                        .noneMatch(other -> other.number() != row.number()
                                && Snapshot.isVisible(other)
                                && row.name().equals(other.name()));
    }

    /** Goes on deleting a snapshot that nobody deletes any more, though it was begun: a repair. */
    public void deleteOn(long number) throws FsException {
        store.mutate(transaction -> {
            boolean works = transaction.works().stream()
                    .flatMap(work -> SnapshotDeletion.deletedBy(work).stream())
                    .anyMatch(deleted -> deleted == number);
            for (SnapshotRow row : rows(transaction)) {
                if (row.number() == number && Snapshot.isBeingDeleted(row) && !works) {
                    transaction.put(SnapshotDeletion.work(transaction.newWork(), row));
                }
            }
            return null;
        });
        wakeBackground.run();
    }

    private Committed<Snapshot> mutate(Request request, boolean freeing, Mutation<Snapshot> body) throws FsException {
        return store.mutate(new Mutation<>() {
            @Override
            public Snapshot run(Transaction transaction) throws FsException {
                long before = counter(transaction, CHANGED);
                Snapshot snapshot = body.run(transaction);
                transaction.result(request.answer().of(snapshot, before, counter(transaction, CHANGED)));
                return snapshot;
            }

            @Override
            public Optional<Origin> origin() {
                return request.origin();
            }

            @Override
            public boolean usesReserve() {
                return freeing;
            }
        });
    }

    private interface Change {
        SnapshotRow of(Transaction transaction, Snapshot snapshot) throws FsException;
    }

    private Committed<Snapshot> change(Request request, Name name, Change change) throws FsException {
        return mutate(request, false, transaction -> {
            SnapshotRow row = change.of(transaction, Snapshot.of(row(transaction, name)));
            transaction.put(row);
            Snapshot after = Snapshot.of(row);
            changed(transaction, () -> visible.replace(row.number(), after));
            return after;
        });
    }

    private void changed(Transaction transaction, Runnable afterCommit) {
        long now = Math.max(transaction.now(), counter(transaction, CHANGED) + 1);
        transaction.put(new CounterRow(CHANGED, now));
        transaction.afterCommit(() -> {
            afterCommit.run();
            changed = now;
        });
    }

    /** Takes the number of a new snapshot. */
    static long nextNumber(Transaction transaction) {
        long number = counter(transaction, NUMBER) + 1;
        transaction.put(new CounterRow(NUMBER, number));
        return number;
    }

    private static void requireFree(Transaction transaction, Name name) throws FsException {
        if (!isFree(transaction, name)) {
            throw new FsException(Errno.EEXIST, "there is a snapshot " + name + " already");
        }
    }

    private static SnapshotRow row(Transaction transaction, Name name) throws FsException {
        return rows(transaction).stream()
                .filter(row -> isNamed(row, name))
                .findFirst()
                .orElseThrow(() -> new FsException(Errno.ENOENT, "there is no snapshot " + name));
    }

    private static boolean isNamed(SnapshotRow row, Name name) {
        return Snapshot.isVisible(row) && Arrays.equals(row.name().toArray(), name.bytes());
    }

    private static List<SnapshotRow> rows(Transaction transaction) {
        return transaction.scan(SnapshotRow.class, Optional.empty(), Integer.MAX_VALUE);
    }

    private static long counter(MetadataView view, String name) {
        return Rows.all(view, CounterRow.class).stream()
                .filter(row -> row.name().equals(name))
                .mapToLong(CounterRow::value)
                .findFirst()
                .orElse(0);
    }
}
