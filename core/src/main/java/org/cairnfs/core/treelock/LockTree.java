package org.cairnfs.core.treelock;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.InodeLockRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.TreeLockRow;
import org.cairnfs.core.metadata.row.WorkRow;
import org.cairnfs.core.work.TreeWalk;
import org.cairnfs.core.work.WorkStep;

/** Gives each inode of a tree the row of its lock; then the lock is complete. */
public final class LockTree implements WorkStep {
    static final String OPERATION = "lock-tree";

    /** Entries in a step; each costs a look-up and a row. */
    private static final int IN_STEP = 256;

    private final TreeLocks locks;
    private final int inStep;

    public LockTree(TreeLocks locks) {
        this(locks, IN_STEP);
    }

    /** In steps of another size. */
    LockTree(TreeLocks locks, int inStep) {
        this.locks = locks;
        this.inStep = inStep;
    }

    /** The work of a lock that is put with it. */
    static void begin(Transaction transaction, TreeLockRow lock) {
        transaction.put(new WorkRow(
                transaction.newWork(),
                OPERATION,
                numbered(lock.lock()),
                new Cursor(TreeWalk.Place.beginning(lock.root()), 0).toBytes()));
    }

    /**
     * How far the work is.
     *
     * @param entries gone through so far
     */
    private record Cursor(TreeWalk.Place place, long entries) {
        Bytes toBytes() {
            ByteBuffer out = ByteBuffer.allocate(TreeWalk.Place.BYTES + Long.BYTES);
            return Bytes.ofTrusted(
                    out.put(place.toBytes().asBuffer()).putLong(entries).array());
        }

        static Cursor of(Bytes bytes) {
            ByteBuffer in = bytes.asBuffer();
            return new Cursor(TreeWalk.Place.of(in), in.getLong());
        }
    }

    /** How many entries of its tree a lock that is being filled in has gone through; empty if it is not. */
    public static OptionalLong entries(MetadataView view, long lock) {
        Bytes arguments = numbered(lock);
        return view.works().stream()
                .filter(work ->
                        work.operation().equals(OPERATION) && work.arguments().equals(arguments))
                .mapToLong(work -> Cursor.of(work.cursor()).entries())
                .findFirst();
    }

    static Bytes numbered(long lock) {
        return Bytes.ofTrusted(ByteBuffer.allocate(Long.BYTES).putLong(lock).array());
    }

    @Override
    public String operation() {
        return OPERATION;
    }

    /** Ends early when the lock's date has passed, or it was deleted, meanwhile. */
    @Override
    public Optional<Bytes> step(Transaction transaction, WorkRow work) throws FsException {
        long number = work.arguments().asBuffer().getLong();
        TreeLockRow lock = TreeLocks.row(transaction, number).orElse(null);
        if (lock == null || !lock.isBeingFilled()) {
            return Optional.empty();
        }
        Optional<Cursor> left = fill(transaction, lock, Cursor.of(work.cursor()));
        if (left.isEmpty()) {
            locks.becomes(transaction, lock, TreeLockRow.COMPLETE);
        }
        return left.map(Cursor::toBytes);
    }

    private Optional<Cursor> fill(Transaction transaction, TreeLockRow lock, Cursor from) throws FsException {
        if (!transaction.peek(lock.root()).map(InodeRow::isDirectory).orElse(false)) {
            return Optional.empty();
        }
        long[] entries = {from.entries()};
        Optional<TreeWalk.Place> left = TreeWalk.within(transaction, lock.root())
                .walk(from.place(), inStep, (entry, inode) -> {
                    transaction.put(new InodeLockRow(inode.inode(), lock.lock()));
                    entries[0]++;
                });
        return left.map(place -> new Cursor(place, entries[0]));
    }
}
