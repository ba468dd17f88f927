package org.cairnfs.core.treelock;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.common.collect.ImmutableMap;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.Ancestry;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.Rows;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.InodeLockRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.TreeLockRow;

/**
 * The one rule of immutable trees: an inode does not change while a lock in force holds it.
 *
 * <p><b>Which lock holds what.</b> A lock holds the inodes that have a row for it. While these rows are being filled in, it holds
 * everything below its root as well, which is found by walking up from an inode by all of its names; nothing enters or leaves the
 * tree meanwhile, as its directories are held. A lock is in force from the moment that its intent is journaled, until it is released
 * or its date has passed by the {@link LockClock}.
 *
 * <p><b>What it costs.</b> Nothing but one volatile read while the file system has no locks. Else a look-up in a cache, which holds the locks of
 * inodes (also that there is none), or by an index. The cache belongs to a state of the locks, and is thrown away with it: a lock becomes
 * complete when its rows are committed, so whoever sees it complete sees its rows.
 *
 * <p><b>Threading.</b> Any thread asks. States follow each other on the writer thread: stricter ones at the append, under all inode
 * locks (see {@link Transaction#put}), so that no write that asked before comes after the intent; laxer ones when they are committed.
 */
public final class TreeLocks {
    private static final long CACHED_INODES = 100_000;
    private static final long[] NONE = {};

    private final MetadataView view;
    private final LockClock clock;
    private volatile State state;

    /** The locks that the tables have. */
    public TreeLocks(MetadataStore store, LockClock clock) {
        this.view = store.view();
        this.clock = clock;
        Map<Long, TreeLockRow> rows = new TreeMap<>();
        Rows.all(view, TreeLockRow.class).forEach(row -> rows.put(row.lock(), row));
        this.state = new State(rows);
    }

    /** All locks as of one moment, and what was looked up since. */
    private static final class State {
        private final ImmutableMap<Long, TreeLockRow> locks;
        private final Set<Long> filledRoots;
        private final Cache<Long, long[]> ofInodes =
                Caffeine.newBuilder().maximumSize(CACHED_INODES).build();

        State(Map<Long, TreeLockRow> locks) {
            this.locks = ImmutableMap.copyOf(locks);
            this.filledRoots = locks.values().stream()
                    .filter(TreeLockRow::isBeingFilled)
                    .map(TreeLockRow::root)
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    /**
     * Before an inode is changed, by whatever name.
     *
     * @throws FsException EPERM if a lock holds it
     */
    public void requireUnlocked(InodeRow inode) throws FsException {
        Optional<TreeLockRow> lock = holder(inode);
        if (lock.isPresent()) {
            throw new FsException(
                    Errno.EPERM, "inode " + inode.inode() + " is immutable: tree lock " + describe(lock.get()));
        }
    }

    /** Whether a lock holds an inode. */
    public boolean isLocked(InodeRow inode) {
        return holder(inode).isPresent();
    }

    /** Some lock that holds an inode. */
    private Optional<TreeLockRow> holder(InodeRow inode) {
        State now = state;
        if (now.locks.isEmpty()) {
            return Optional.empty();
        }
        for (long lock : now.ofInodes.get(inode.inode(), this::look)) {
            TreeLockRow row = now.locks.get(lock);
            if (row != null && isInForce(row)) {
                return Optional.of(row);
            }
        }
        return now.filledRoots.isEmpty() ? Optional.empty() : intentAbove(now, inode);
    }

    private long[] look(long inode) {
        List<InodeLockRow> rows = view.locksOf(inode);
        return rows.isEmpty()
                ? NONE
                : rows.stream().mapToLong(InodeLockRow::lock).toArray();
    }

    private Optional<TreeLockRow> intentAbove(State now, InodeRow inode) {
        for (TreeLockRow lock : now.locks.values()) {
            if (lock.isBeingFilled() && isInForce(lock) && Ancestry.isWithin(view, inode, Set.of(lock.root()))) {
                return Optional.of(lock);
            }
        }
        return Optional.empty();
    }

    /**
     * A lock in force whose root is at or below an inode; to ask before a whole tree goes at once. Inodes in it that are held through
     * names elsewhere are not looked for.
     */
    public Optional<TreeLockRow> anyWithin(InodeRow top) {
        for (TreeLockRow lock : state.locks.values()) {
            Optional<InodeRow> root = isInForce(lock) ? view.inode(lock.root()) : Optional.empty();
            if (root.isPresent() && Ancestry.isWithin(view, root.get(), Set.of(top.inode()))) {
                return Optional.of(lock);
            }
        }
        return Optional.empty();
    }

    /** Is another object each time that any lock came, changed or went. */
    public Object standing() {
        return state;
    }

    /** Whether there is any lock in force. */
    public boolean any() {
        return state.locks.values().stream().anyMatch(this::isInForce);
    }

    /** Whether a lock holds still. */
    public boolean isInForce(TreeLockRow lock) {
        return clock.isInForce(lock);
    }

    /** All that the tables have, by their numbers: those that are being released too. */
    public Collection<TreeLockRow> all() {
        return state.locks.values();
    }

    /** For messages. */
    public static String describe(TreeLockRow lock) {
        return lock.lock() + " on inode " + lock.root() + " holds "
                + (lock.isDated() ? "until " + Instant.ofEpochMilli(lock.untilMillis()) : "without a date");
    }

    LockClock clock() {
        return clock;
    }

    /** The row of a lock as a mutation sees it. */
    static Optional<TreeLockRow> row(Transaction transaction, long lock) {
        return transaction.scan(TreeLockRow.class, Optional.of(new RowKey.TreeLock(lock - 1)), 1).stream()
                .filter(row -> row.lock() == lock)
                .findFirst();
    }

    /** Puts a row that a complete lock lacks: a repair. */
    public void complete(Transaction transaction, InodeLockRow row) {
        transaction.put(row);
        transaction.afterCommit(() -> state = new State(state.locks));
    }

    /** Puts a new lock, to be filled in. */
    void intend(Transaction transaction, TreeLockRow lock) {
        transaction.put(lock);
        transaction.onAppended(sequence -> replace(lock.lock(), before -> lock));
    }

    /** Puts a later date of a lock. */
    void extend(Transaction transaction, TreeLockRow lock) {
        transaction.put(lock);
        transaction.onAppended(sequence ->
                replace(lock.lock(), before -> before == null ? null : before.withUntil(lock.untilMillis())));
    }

    /** A lock has its rows, or holds no more. */
    void becomes(Transaction transaction, TreeLockRow lock, int newState) {
        transaction.put(lock.withState(newState));
        transaction.afterCommit(
                () -> replace(lock.lock(), before -> before == null ? null : before.withState(newState)));
    }

    /** Deletes a lock that held no more, when no row of it is left. */
    void delete(Transaction transaction, TreeLockRow lock) {
        transaction.delete(lock.key());
        transaction.afterCommit(() -> replace(lock.lock(), before -> null));
    }

    private void replace(long number, UnaryOperator<TreeLockRow> change) {
        Map<Long, TreeLockRow> locks = new TreeMap<>(state.locks);
        TreeLockRow after = change.apply(locks.remove(number));
        if (after != null) {
            locks.put(number, after);
        }
        state = new State(locks);
    }
}
