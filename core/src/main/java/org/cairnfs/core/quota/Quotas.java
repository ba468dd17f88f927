package org.cairnfs.core.quota;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.Ancestry;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.Rows;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.QuotaRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.UsageRow;

/**
 * What trees may hold: the one rule that everything asks that makes a file, or makes one larger.
 *
 * <p>Each inode counts for one quota root at most; quota trees are not within each other. Bytes are the sizes of files, as {@code ls} tells
 * them, holes included. Above a soft limit everything goes on for the time of grace; then, as at the hard one, what grows is refused.
 *
 * <p>Writes ask beside the thread of mutations, so several at once may pass a limit together, by no more than what they write.
 *
 * <p>While a tree gets its quota, or loses it, names in it do not change: who wants to is told to come again. Asking costs nothing but
 * volatile reads for inodes that count for no quota.
 *
 * <p>Threading: any thread asks; changed on the writer thread.
 */
public final class Quotas {
    private final MetadataView view;
    private final LongSupplier wallMillis;
    private volatile ImmutableMap<Long, QuotaRow> limits;
    private volatile Set<Long> moving;

    /**
     * The quotas that the tables have.
     *
     * @param wallMillis milliseconds since the epoch
     */
    public Quotas(MetadataStore store, LongSupplier wallMillis) {
        this.view = store.view();
        this.wallMillis = wallMillis;
        Map<Long, QuotaRow> rows = new TreeMap<>();
        Rows.all(view, QuotaRow.class).forEach(row -> rows.put(row.root(), row));
        this.limits = ImmutableMap.copyOf(rows);
        this.moving = view.works().stream()
                .filter(work -> work.operation().equals(AssignQuota.OPERATION))
                .map(work -> AssignQuota.root(work))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Before something grows.
     *
     * @param root that it counts for; 0 for none
     * @param bytes by which it grows, 0 or more
     * @param inodes that come, 0 or more
     * @throws FsException EDQUOT
     */
    public void requireRoom(long root, long bytes, long inodes) throws FsException {
        QuotaRow limit = root == 0 ? null : limits.get(root);
        if (limit == null) {
            return;
        }
        UsageRow used = view.usage(root);
        boolean late = isGraceOver(limit);
        require(limit, "bytes", used.bytes(), bytes, limit.hardBytes(), late ? limit.softBytes() : 0);
        require(limit, "inodes", used.inodes(), inodes, limit.hardInodes(), late ? limit.softInodes() : 0);
    }

    private static void require(QuotaRow limit, String what, long used, long more, long hard, long soft)
            throws FsException {
        long bound = hard == 0 ? soft : soft == 0 ? hard : Math.min(hard, soft);
        if (more > 0 && bound > 0 && more > bound - used) {
            throw new FsException(
                    Errno.EDQUOT, "the tree of inode " + limit.root() + " holds " + used + " of " + bound + " " + what);
        }
    }

    private boolean isGraceOver(QuotaRow limit) {
        return limit.exceededSince() != 0
                && wallMillis.getAsLong() - limit.exceededSince()
                        >= Duration.ofSeconds(limit.graceSeconds()).toMillis();
    }

    /**
     * Before names in a directory change.
     *
     * @throws FsException EAGAIN while its tree gets a quota or loses it
     */
    public void requireSettled(InodeRow directory) throws FsException {
        if (Ancestry.isAtOrBelow(view, directory, moving)) {
            throw settling(directory);
        }
    }

    /**
     * Before a whole tree goes.
     *
     * @throws FsException EAGAIN while a tree in it gets a quota or loses it
     */
    public void requireSettledWithin(InodeRow top) throws FsException {
        for (long root : moving) {
            Optional<InodeRow> inode = view.inode(root);
            if (inode.isPresent() && Ancestry.isAtOrBelow(view, inode.get(), Set.of(top.inode()))) {
                throw settling(top);
            }
        }
    }

    private static FsException settling(InodeRow directory) {
        return new FsException(
                Errno.EAGAIN, "the quota of the tree of directory " + directory.inode() + " is being changed");
    }

    /** The limits of a quota root; empty if it is none. */
    public Optional<QuotaRow> of(long root) {
        return Optional.ofNullable(limits.get(root));
    }

    /** All limits, by their roots. */
    public Collection<QuotaRow> all() {
        return limits.values();
    }

    /** Whether a tree gets its quota, or loses it, still. */
    public boolean isMoving(long root) {
        return moving.contains(root);
    }

    /** The root of a quota goes for good, and so does its quota. */
    public void rootGone(Transaction transaction, InodeRow directory) {
        if (directory.isDirectory() && limits.containsKey(directory.inode())) {
            delete(transaction, directory.inode());
        }
    }

    /** Takes the quota of what is no directory: a repair. */
    public void forget(Transaction transaction, long root) {
        delete(transaction, root);
    }

    /**
     * Gives what replaces a directory the limits that it has.
     *
     * @param with number of the directory that replaces it
     * @return whether it has any
     */
    public boolean carryOver(Transaction transaction, InodeRow replaced, long with) {
        QuotaRow limit = limits.get(replaced.inode());
        if (limit == null) {
            return false;
        }
        put(
                transaction,
                new QuotaRow(
                        with,
                        limit.softBytes(),
                        limit.hardBytes(),
                        limit.softInodes(),
                        limit.hardInodes(),
                        limit.graceSeconds(),
                        limit.exceededSince()));
        return true;
    }

    void put(Transaction transaction, QuotaRow row) {
        transaction.put(row);
        transaction.onAppended(sequence -> replace(row.root(), Optional.of(row)));
    }

    void delete(Transaction transaction, long root) {
        transaction.delete(new RowKey.Quota(root));
        transaction.onAppended(sequence -> replace(root, Optional.empty()));
    }

    private void replace(long root, Optional<QuotaRow> row) {
        Map<Long, QuotaRow> rows = new TreeMap<>(limits);
        rows.remove(root);
        row.ifPresent(present -> rows.put(root, present));
        limits = ImmutableMap.copyOf(rows);
    }

    void beginMove(Transaction transaction, long root) {
        transaction.onAppended(sequence ->
                moving = ImmutableSet.<Long>builder().addAll(moving).add(root).build());
    }

    void endMove(Transaction transaction, long root) {
        transaction.afterCommit(
                () -> moving = moving.stream().filter(other -> other != root).collect(Collectors.toUnmodifiableSet()));
    }
}
