package org.cairnfs.core.quota;

import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.Ancestry;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.QuotaRow;
import org.cairnfs.core.metadata.row.UsageRow;

/** Gives trees quotas, and takes them; notes since when soft limits are exceeded. Safe for any number of threads. */
public final class QuotaSetting {
    private final MetadataStore store;
    private final Quotas quotas;
    private final LongSupplier wallMillis;
    private final Runnable wakeBackground;

    /**
     * Over the quotas of a file system.
     *
     * @param wallMillis milliseconds since the epoch
     * @param wakeBackground called when there is work to do in the background
     */
    public QuotaSetting(MetadataStore store, Quotas quotas, LongSupplier wallMillis, Runnable wakeBackground) {
        this.store = store;
        this.quotas = quotas;
        this.wallMillis = wallMillis;
        this.wakeBackground = wakeBackground;
    }

    /**
     * Sets the limits of a tree. They hold at once for what counts for it; what is in a tree that had no quota comes to count one by one.
     *
     * @param limits of the directory that is its root; {@code exceededSince} is found here
     * @throws FsException ENOENT, ENOTDIR; EINVAL if a quota tree would be within another; EAGAIN while it, or one around it,
     *     gets a quota or loses it
     */
    public QuotaRow set(QuotaRow limits) throws FsException {
        return store.mutate(transaction -> set(transaction, limits)).value();
    }

    private QuotaRow set(Transaction transaction, QuotaRow limits) throws FsException {
        long number = limits.root();
        InodeRow root = root(transaction, number);
        if (quotas.of(number).isEmpty()) {
            requireNoneAround(root);
            AssignQuota.begin(transaction, quotas, root, true);
            transaction.afterCommit(wakeBackground);
        }
        QuotaRow row = withExceeded(
                transaction,
                limits.withExceededSince(
                        quotas.of(number).map(QuotaRow::exceededSince).orElse(0L)));
        quotas.put(transaction, row);
        return row;
    }

    private static InodeRow root(Transaction transaction, long number) throws FsException {
        InodeRow root = transaction
                .inode(number)
                .filter(row -> row.nlink() > 0)
                .orElseThrow(() -> new FsException(Errno.ENOENT, "inode " + number + " is gone"));
        if (!root.isDirectory()) {
            throw new FsException(Errno.ENOTDIR, "a quota is of a directory");
        }
        return root;
    }

    /** By the way up, as what is in a tree may not count for it yet. */
    private void requireNoneAround(InodeRow root) throws FsException {
        quotas.requireSettled(root);
        for (QuotaRow other : quotas.all()) {
            if (Ancestry.isAtOrBelow(store.view(), root, Set.of(other.root()))) {
                throw new FsException(Errno.EINVAL, "it is in the quota tree of inode " + other.root());
            }
            Optional<InodeRow> inode = store.view().inode(other.root());
            if (inode.isPresent() && Ancestry.isAtOrBelow(store.view(), inode.get(), Set.of(root.inode()))) {
                throw new FsException(Errno.EINVAL, "the quota tree of inode " + other.root() + " is in it");
            }
        }
    }

    /**
     * Takes the quota from a tree.
     *
     * @throws FsException ENOENT; EINVAL if it has none; EAGAIN while it is still getting it
     */
    public void remove(long number) throws FsException {
        store.mutate(transaction -> {
            InodeRow root = root(transaction, number);
            if (quotas.of(number).isEmpty()) {
                throw new FsException(Errno.EINVAL, "inode " + number + " is the root of no quota");
            }
            if (quotas.isMoving(number)) {
                throw new FsException(Errno.EAGAIN, "it is still getting its quota");
            }
            quotas.delete(transaction, number);
            AssignQuota.begin(transaction, quotas, root, false);
            transaction.afterCommit(wakeBackground);
            return null;
        });
    }

    /** Notes which soft limits are exceeded, and which are no more; to be called now and then. */
    public void keep() throws FsException {
        for (QuotaRow row : quotas.all()) {
            if (row.softBytes() != 0 || row.softInodes() != 0) {
                store.mutate(transaction -> {
                    QuotaRow now = quotas.of(row.root()).orElse(null);
                    QuotaRow noted = now == null ? null : withExceeded(transaction, now);
                    if (noted != null && !noted.equals(now)) {
                        quotas.put(transaction, noted);
                    }
                    return null;
                });
            }
        }
    }

    private QuotaRow withExceeded(Transaction transaction, QuotaRow row) {
        UsageRow used = transaction.usage(row.root());
        boolean exceeded = row.softBytes() != 0 && used.bytes() > row.softBytes()
                || row.softInodes() != 0 && used.inodes() > row.softInodes();
        if (!exceeded) {
            return row.withExceededSince(0);
        }
        return row.exceededSince() == 0 ? row.withExceededSince(wallMillis.getAsLong()) : row;
    }
}
