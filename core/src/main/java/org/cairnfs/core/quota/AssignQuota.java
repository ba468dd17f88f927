package org.cairnfs.core.quota;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.WorkRow;
import org.cairnfs.core.work.TreeWalk;
import org.cairnfs.core.work.WorkStep;

/** Lets everything in a tree count for its root, or no more; no time of any file changes. */
public final class AssignQuota implements WorkStep {
    static final String OPERATION = "assign-quota";
    private static final int IN_STEP = 256;

    private final Quotas quotas;

    public AssignQuota(Quotas quotas) {
        this.quotas = quotas;
    }

    /** @param assigned whether the tree counts for the root from now on, or no more */
    static void begin(Transaction transaction, Quotas quotas, InodeRow root, boolean assigned) {
        long number = root.inode();
        transaction.put(root.edit().quotaRoot(assigned ? number : 0).build());
        transaction.put(new WorkRow(
                transaction.newWork(),
                OPERATION,
                Bytes.ofTrusted(ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(number)
                        .putLong(assigned ? number : 0)
                        .array()),
                TreeWalk.Place.beginning(number).toBytes()));
        quotas.beginMove(transaction, number);
    }

    /** The root of the tree that gets its quota by a work, or loses it; empty if the work is another. */
    public static Optional<Long> movedBy(WorkRow work) {
        return work.operation().equals(OPERATION) ? Optional.of(root(work)) : Optional.empty();
    }

    static long root(WorkRow work) {
        return work.arguments().asBuffer().getLong();
    }

    @Override
    public String operation() {
        return OPERATION;
    }

    @Override
    public Optional<Bytes> step(Transaction transaction, WorkRow work) throws FsException {
        ByteBuffer arguments = work.arguments().asBuffer();
        long root = arguments.getLong();
        long value = arguments.getLong();
        Optional<TreeWalk.Place> left = TreeWalk.within(transaction, root)
                .walk(TreeWalk.Place.of(work.cursor().asBuffer()), IN_STEP, (entry, seen) -> {
                    InodeRow inode = transaction
                            .inode(seen.inode())
                            .orElseThrow(() -> new FsException(Errno.EIO, "inode " + seen.inode() + " is missing"));
                    if (inode.quotaRoot() == (value == 0 ? root : 0)) {
                        transaction.put(inode.edit().quotaRoot(value).build());
                    }
                });
        if (left.isEmpty()) {
            quotas.endMove(transaction, root);
        }
        return left.map(TreeWalk.Place::toBytes);
    }
}
