package org.cairnfs.core.namespace;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.OrphanRow;
import org.cairnfs.core.metadata.row.WorkRow;
import org.cairnfs.core.treelock.TreeLocks;
import org.cairnfs.core.work.TreeWalk;
import org.cairnfs.core.work.WorkStep;

/**
 * Removes trees with all that is in them: one mutation takes the tops out of their directories, so they are gone at once for all, and
 * background work frees what was in them.
 *
 * <p>A detached top is an orphan with entries, its own parent, so that no way leads up from it. Files in it that have names elsewhere live on with
 * those; what is open lives on until it is closed, as after an unlink. Delegations on files in it are not recalled: what they promise,
 * that nobody else changes the contents, holds, and they keep the file as an open does.
 *
 * <p>What a tree lock holds is not removed: when there are locks, a tree is looked through before, while names in it wait. A lock that comes when
 * the tree is detached already does not keep names in it: they went before.
 *
 * <p>Safe for any number of threads; one removal at a time looks through its trees.
 */
public final class TreeRemoval implements WorkStep {
    static final String OPERATION = "remove-tree";

    /** Entries in a step: a few milliseconds. */
    private static final int IN_STEP = 128;

    private static final int LOOKED_AT_ONCE = 1_000;

    /** How often a tree is looked through again as locks came meanwhile. */
    private static final int TRIES = 5;

    private final MetadataStore store;
    private final Writer writer;
    private final Guards guards;
    private final RemovedTrees removed;
    private final TreeLocks locks;
    private final Orphans orphans;
    private final Runnable wakeBackground;
    private final int inStep;
    private final Map<Long, Freed> freed = new ConcurrentHashMap<>();

    TreeRemoval(
            MetadataStore store,
            Writer writer,
            Guards guards,
            RemovedTrees removed,
            TreeLocks locks,
            Orphans orphans,
            Runnable wakeBackground) {
        this(store, writer, guards, removed, locks, orphans, wakeBackground, IN_STEP);
    }

    /** In steps of another size. */
    private TreeRemoval(
            MetadataStore store,
            Writer writer,
            Guards guards,
            RemovedTrees removed,
            TreeLocks locks,
            Orphans orphans,
            Runnable wakeBackground,
            int inStep) {
        this.store = store;
        this.writer = writer;
        this.guards = guards;
        this.removed = removed;
        this.locks = locks;
        this.orphans = orphans;
        this.wakeBackground = wakeBackground;
        this.inStep = inStep;
        store.view().works().stream()
                .filter(work -> work.operation().equals(OPERATION))
                .forEach(work -> removed.isDetached(top(work)));
    }

    /** The same, in steps of another size; for tests. */
    TreeRemoval inStepsOf(int entries) {
        return new TreeRemoval(store, writer, guards, removed, locks, orphans, wakeBackground, entries);
    }

    /**
     * What was freed of a tree.
     *
     * @param entries names that were removed below the top
     * @param bytes that files held whose last names those were
     * @param ended whether that is all
     */
    public record Freed(long entries, long bytes, boolean ended) {
        public static final Freed NOTHING = new Freed(0, 0, true);

        /** Both together. */
        public Freed plus(Freed other) {
            return new Freed(entries + other.entries, bytes + other.bytes, ended && other.ended);
        }
    }

    /**
     * Removes files, and directories with all that is in them; all of them, or nothing.
     *
     * @param paths absolute; what their last parts lead to goes, also if that is a symbolic link
     * @param forever whether to free it even if there is a trash that would keep it
     * @return for each directory that had entries, by which to ask {@link #freed}
     * @throws FsException ENOENT; EINVAL for the root; EPERM if a tree lock holds something of it; EAGAIN while a lease on one of them is being
     *     given back, or locks keep coming
     */
    public List<Long> remove(List<String> paths, boolean forever) throws FsException {
        List<DirentRow> tops = new ArrayList<>();
        for (String path : paths) {
            tops.add(Paths.entry(store.view(), path));
        }
        OpContext op = new OpContext(Credentials.ROOT);
        return whenUnlocked(op, tops.stream().map(DirentRow::inode).toList(), transaction -> {
            List<Long> works = new ArrayList<>();
            for (DirentRow top : tops) {
                detach(transaction, op, top, forever).ifPresent(works::add);
            }
            return works;
        });
    }

    /**
     * Does something to whole trees, at a moment when no tree lock holds anything of them.
     *
     * @param tops of the trees
     * @throws FsException EPERM if a tree lock holds something of them; EAGAIN if locks keep coming; what the change throws
     */
    synchronized <T> T whenUnlocked(OpContext op, List<Long> tops, Writer.Change<T> change) throws FsException {
        for (int tries = 0; tries < TRIES; tries++) {
            Object seen = locks.standing();
            if (!locks.any()) {
                Optional<T> done = unlessLocked(op, seen, change);
                if (done.isPresent()) {
                    return done.get();
                }
                continue;
            }
            try {
                announce(op, tops, true);
                for (long top : tops) {
                    lookThrough(top);
                }
                Optional<T> done = unlessLocked(op, seen, change);
                if (done.isPresent()) {
                    return done.get();
                }
            } finally {
                announce(op, tops, false);
            }
        }
        throw new FsException(Errno.EAGAIN, "trees are being locked all the time; try again");
    }

    /** On the writer thread, so that no change of names is under way that did not see it. */
    private void announce(OpContext op, List<Long> tops, boolean begin) throws FsException {
        writer.changeFreeing(op, transaction -> {
            for (long top : tops) {
                if (begin) {
                    removed.beginLook(top);
                } else {
                    removed.endLook(top);
                }
            }
            return null;
        });
    }

    /** @throws FsException EPERM if a tree lock holds something of a tree */
    private void lookThrough(long top) throws FsException {
        InodeRow inode = store.view()
                .inode(top)
                .orElseThrow(() -> new FsException(Errno.ENOENT, "inode " + top + " was removed meanwhile"));
        locks.requireUnlocked(inode);
        if (!inode.isDirectory()) {
            return;
        }
        TreeWalk walk = TreeWalk.beside(store.view(), top);
        Optional<TreeWalk.Place> at = Optional.of(TreeWalk.Place.beginning(top));
        while (at.isPresent()) {
            at = walk.walk(at.get(), LOOKED_AT_ONCE, (entry, child) -> locks.requireUnlocked(child));
        }
    }

    /** Empty if there are other locks now than were looked for. */
    private <T> Optional<T> unlessLocked(OpContext op, Object seen, Writer.Change<T> change) throws FsException {
        return writer.changeFreeing(
                op,
                transaction -> locks.standing() == seen ? Optional.of(change.apply(transaction)) : Optional.empty());
    }

    /** Takes a file or a tree out of its directory; the directory of what has entries is freed in the background. */
    Optional<Long> detach(Transaction transaction, OpContext op, DirentRow entry, boolean forever) throws FsException {
        InodeRow parent = transaction.peek(entry.parent()).orElse(null);
        DirentRow now = transaction.dirent(entry.parent(), entry.name()).orElse(null);
        if (parent == null || now == null || now.inode() != entry.inode()) {
            throw new FsException(Errno.ENOENT, entry.name() + " was removed meanwhile");
        }
        InodeRow top = Entries.toChange(transaction, now);
        guards.beforeRemoval(op, top, parent);
        DirectoryEdit edit = new DirectoryEdit(transaction, parent);
        edit.remove(entry.name(), top);
        edit.finish();
        if (!top.isDirectory() || top.entries() == 0) {
            if (forever) {
                orphans.loseName(transaction, top);
            } else {
                orphans.loseName(transaction, top, entry);
            }
            return Optional.empty();
        }
        transaction.put(top.edit()
                .nlink(0)
                .parent(top.inode())
                .ctime(transaction.now())
                .change(transaction.nextChange())
                .build());
        transaction.put(new OrphanRow(top.inode()));
        Optional<FormerPlace> kept =
                forever ? Optional.empty() : Optional.of(new FormerPlace(parent.inode(), entry.name()));
        long work = discard(transaction, top, kept);
        transaction.onAppended(sequence -> freed.put(work, new Freed(0, 0, false)));
        return Optional.of(work);
    }

    /**
     * Removes what is left of a tree in which no way leads any more: an orphan that is its own parent.
     *
     * @param kept where it was, if the trash is to keep what is in it
     */
    long discard(Transaction transaction, InodeRow top, Optional<FormerPlace> kept) {
        long work = transaction.newWork();
        transaction.put(
                new WorkRow(work, OPERATION, arguments(top.inode(), kept), new Cursor(top.inode(), 0, 0).toBytes()));
        transaction.onAppended(sequence -> removed.isDetached(top.inode()));
        transaction.afterCommit(wakeBackground);
        return work;
    }

    /** How much of a tree is freed; empty if it was told already that it is all, or the tree was removed before this start. */
    public Optional<Freed> freed(long work) {
        Freed now = freed.get(work);
        if (now != null && now.ended()) {
            freed.remove(work);
        }
        return Optional.ofNullable(now);
    }

    // ---- the work

    /**
     * How far the work is.
     *
     * @param directory that is being emptied
     */
    private record Cursor(long directory, long entries, long bytes) {
        Bytes toBytes() {
            return Bytes.ofTrusted(ByteBuffer.allocate(3 * Long.BYTES)
                    .putLong(directory)
                    .putLong(entries)
                    .putLong(bytes)
                    .array());
        }

        static Cursor of(Bytes bytes) {
            ByteBuffer in = bytes.asBuffer();
            return new Cursor(in.getLong(), in.getLong(), in.getLong());
        }
    }

    /** The top; and where it was, if it is kept. */
    private static Bytes arguments(long top, Optional<FormerPlace> kept) {
        byte[] name = kept.map(place -> place.name().bytes()).orElse(new byte[0]);
        ByteBuffer out = ByteBuffer.allocate(Long.BYTES + (kept.isPresent() ? Long.BYTES + name.length : 0))
                .putLong(top);
        kept.ifPresent(place -> out.putLong(place.parent()).put(name));
        return Bytes.ofTrusted(out.array());
    }

    private static Optional<FormerPlace> kept(WorkRow work) throws FsException {
        ByteBuffer in = work.arguments().asBuffer();
        in.getLong();
        if (!in.hasRemaining()) {
            return Optional.empty();
        }
        long parent = in.getLong();
        byte[] name = new byte[in.remaining()];
        in.get(name);
        return Optional.of(new FormerPlace(parent, Name.of(name)));
    }

    private static long top(WorkRow work) {
        return work.arguments().asBuffer().getLong();
    }

    @Override
    public String operation() {
        return OPERATION;
    }

    /** Waits for the end of grace: until then each file would live on as an orphan, as it may have been open. */
    @Override
    public Optional<Bytes> step(Transaction transaction, WorkRow work) throws FsException {
        if (orphans.isGrace()) {
            throw new FsException(Errno.EAGAIN, "what was open before the restart may still be reclaimed");
        }
        Cursor from = Cursor.of(work.cursor());
        Emptying emptying = new Emptying(transaction, orphans, top(work), kept(work));
        Optional<Long> directory = emptying.run(from.directory(), inStep);
        long entries = from.entries() + emptying.entries();
        long bytes = from.bytes() + emptying.bytes();
        transaction.afterCommit(() -> {
            freed.computeIfPresent(work.id(), (id, before) -> new Freed(entries, bytes, directory.isEmpty()));
            if (directory.isEmpty()) {
                removed.isEmptied(top(work));
            }
        });
        return directory.map(at -> new Cursor(at, entries, bytes).toBytes());
    }
}
