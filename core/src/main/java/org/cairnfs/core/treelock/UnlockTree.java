package org.cairnfs.core.treelock;

import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.InodeLockRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.TreeLockRow;
import org.cairnfs.core.metadata.row.WorkRow;
import org.cairnfs.core.work.WorkStep;

/** Takes the rows of a lock that holds no more from its inodes, and then the lock itself. */
public final class UnlockTree implements WorkStep {
    static final String OPERATION = "unlock-tree";
    private static final int IN_STEP = 500;

    private final TreeLocks locks;

    public UnlockTree(TreeLocks locks) {
        this.locks = locks;
    }

    static void begin(Transaction transaction, TreeLockRow lock) {
        transaction.put(new WorkRow(transaction.newWork(), OPERATION, LockTree.numbered(lock.lock()), Bytes.EMPTY));
    }

    @Override
    public String operation() {
        return OPERATION;
    }

    /** Deletes what it finds, so the table itself is the cursor. */
    @Override
    public Optional<Bytes> step(Transaction transaction, WorkRow work) {
        long number = work.arguments().asBuffer().getLong();
        List<InodeLockRow> rows = transaction.lockedBy(number, IN_STEP);
        rows.forEach(row -> transaction.delete(row.key()));
        if (rows.size() == IN_STEP) {
            return Optional.of(Bytes.EMPTY);
        }
        TreeLocks.row(transaction, number).ifPresent(lock -> {
            locks.delete(transaction, lock);
            forgetClock(transaction, lock);
        });
        return Optional.empty();
    }

    /** With the last lock that has a date goes the clock. */
    private void forgetClock(Transaction transaction, TreeLockRow gone) {
        boolean last = transaction.scan(TreeLockRow.class, Optional.empty(), Integer.MAX_VALUE).stream()
                .noneMatch(lock -> lock.isDated() && lock.lock() != gone.lock());
        if (gone.isDated() && last) {
            transaction.delete(new RowKey.Counter(LockClock.TIME));
            transaction.delete(new RowKey.Counter(LockClock.WALL));
            transaction.afterCommit(locks.clock()::reset);
        }
    }
}
