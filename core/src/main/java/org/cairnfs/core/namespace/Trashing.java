package org.cairnfs.core.namespace;

import java.time.Duration;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.TrashRow;
import org.cairnfs.core.quota.Quotas;

/**
 * The way into the trash: an inode that lost its last name is kept until a date instead of being freed.
 *
 * <p>Invariant: an inode has {@link InodeRow#FLAG_TRASHED} exactly if it has a {@link TrashRow}. It has no names, no entries, and no quota but the
 * one that counts the trash; a directory among them is its own parent, so that no way leads up from it. For everybody it is as gone as what is freed: who
 * has it open goes on with it, its handles are stale for the others. {@link Trash} lets it out.
 */
final class Trashing {
    private final long keepNanos;
    private final Quotas quotas;

    /** @param keep how long; zero for no trash */
    Trashing(Duration keep, Quotas quotas) {
        this.keepNanos = keep.toNanos();
        this.quotas = quotas;
    }

    /** Whether what is removed is kept. */
    boolean isOn() {
        return keepNanos > 0;
    }

    /**
     * Keeps an inode.
     *
     * @param inode without entries; the name that it loses is the last one, and removed by the caller
     * @param parent inode of the directory in which that was
     */
    void put(Transaction transaction, InodeRow inode, long parent, Name name) {
        quotas.rootGone(transaction, inode);
        transaction.put(inode.edit()
                .nlink(0)
                .parent(inode.isDirectory() ? inode.inode() : 0)
                .flags(inode.flags() | InodeRow.FLAG_TRASHED)
                .quotaRoot(InodeRow.TRASH_ROOT)
                .ctime(transaction.now())
                .change(transaction.nextChange())
                .build());
        long now = transaction.now();
        transaction.put(new TrashRow(now + keepNanos, inode.inode(), parent, name, inode.isDirectory(), now));
    }
}
