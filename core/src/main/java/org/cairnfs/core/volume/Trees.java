package org.cairnfs.core.volume;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.TreeLockRow;
import org.cairnfs.core.namespace.CairnFileSystem;
import org.cairnfs.core.namespace.Paths;
import org.cairnfs.core.namespace.Trash;
import org.cairnfs.core.namespace.TreeRemoval;
import org.cairnfs.core.treelock.LockTree;
import org.cairnfs.core.treelock.TreeLocking;
import org.cairnfs.core.treelock.TreeLocks;
import org.cairnfs.core.treelock.UnlockPolicy;
import org.cairnfs.core.work.BackgroundWork;

/** What operators do with whole trees of an open volume. What has returned is on the disk. Thread-safe. */
public final class Trees {
    private static final long POLL_MILLIS = 50;

    private final MetadataStore metadata;
    private final Journal journal;
    private final CairnFileSystem fileSystem;
    private final TreeLocks locks;
    private final TreeLocking locking;
    private final BackgroundWork work;

    Trees(
            MetadataStore metadata,
            Journal journal,
            CairnFileSystem fileSystem,
            TreeLocks locks,
            TreeLocking locking,
            BackgroundWork work) {
        this.metadata = metadata;
        this.journal = journal;
        this.fileSystem = fileSystem;
        this.locks = locks;
        this.locking = locking;
        this.work = work;
    }

    /**
     * An immutable tree.
     *
     * @param number of the lock
     * @param path one that leads to it now; empty if it is gone
     * @param untilMillis milliseconds since the epoch; 0 for no date
     * @param state how far it is
     * @param entries how many inodes below the root have been gone through; empty if that is over
     */
    public record Lock(long number, String path, long untilMillis, State state, OptionalLong entries) {}

    /** How far a lock is. */
    public enum State {
        /** It holds everything already, and goes through the tree. */
        LOCKING,
        LOCKED,
        /** It holds nothing any more, and is being cleared away. */
        ENDED
    }

    /**
     * Makes files, and directories with everything below them, immutable. Nothing is locked if there is no such path.
     *
     * @param untilMillis wall clock, milliseconds since the epoch; 0 for no date
     * @throws FsException ENOENT, EINVAL; see {@link TreeLocking#lock}
     */
    public List<Lock> lock(List<String> paths, long untilMillis) throws FsException {
        List<Lock> done = new ArrayList<>();
        for (InodeRow root : find(paths)) {
            done.add(describe(locking.lock(root.inode(), untilMillis)));
        }
        return stable(done);
    }

    /**
     * Takes away the locks without a date whose roots paths lead to.
     *
     * @throws FsException EPERM if that is not allowed; ENOENT, EINVAL; see {@link TreeLocking#unlock}
     */
    public List<Lock> unlock(List<String> paths, UnlockPolicy policy) throws FsException {
        List<Lock> done = new ArrayList<>();
        for (InodeRow root : find(paths)) {
            done.add(describe(locking.unlock(root.inode(), policy)));
        }
        return stable(done);
    }

    /** All locks, the oldest first. */
    public List<Lock> locks() {
        List<Lock> all = new ArrayList<>();
        for (TreeLockRow lock : locks.all()) {
            all.add(describe(lock));
        }
        return all;
    }

    /**
     * Removes files, and directories with all that is in them, at once; see {@link TreeRemoval#remove}.
     *
     * @param forever whether to free them even if there is a trash
     * @return by which to ask {@link #awaitFreed}
     */
    public List<Long> remove(List<String> paths, boolean forever) throws FsException {
        return stable(fileSystem.treeRemoval().remove(paths, forever));
    }

    /** Tells what is in the trash; see {@link Trash#list}. */
    public void trash(String below, Consumer<Trash.Item> told) throws FsException {
        fileSystem.trash().list(below, told);
    }

    /** How much is in the trash. */
    public Trash.Usage trashUsage() {
        return fileSystem.trash().usage();
    }

    /** Brings back what was removed; see {@link Trash#restore(String, Optional)}. */
    public Trash.Restored restore(String path, Optional<String> to) throws FsException {
        return stable(fileSystem.trash().restore(path, to));
    }

    /** Brings back one inode; see {@link Trash#restore(long, Optional)}. */
    public Trash.Restored restore(long inode, Optional<String> to) throws FsException {
        return stable(fileSystem.trash().restore(inode, to));
    }

    /** Frees what is in the trash; see {@link Trash#empty(String, long)}. */
    public long emptyTrash(String below, long removedBefore) throws FsException {
        return stable(fileSystem.trash().empty(below, removedBefore));
    }

    /** Frees one inode of the trash; ENOENT. */
    public void emptyTrash(long inode) throws FsException {
        fileSystem.trash().empty(inode);
        stable(null);
    }

    /**
     * Waits until all is freed that was in removed trees. It goes on, too, if nobody waits.
     *
     * @param progress told now and then how much it is so far
     * @return what was freed; not ended if the volume ends, and goes on after the next start
     */
    public TreeRemoval.Freed awaitFreed(List<Long> removals, Consumer<TreeRemoval.Freed> progress)
            throws InterruptedException {
        TreeRemoval removal = fileSystem.treeRemoval();
        TreeRemoval.Freed all = TreeRemoval.Freed.NOTHING;
        for (long id : removals) {
            TreeRemoval.Freed of = removal.freed(id).orElse(TreeRemoval.Freed.NOTHING);
            while (!of.ended() && !work.isClosed()) {
                progress.accept(all.plus(of));
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                of = removal.freed(id).orElse(TreeRemoval.Freed.NOTHING);
            }
            all = all.plus(of);
        }
        return all;
    }

    private List<InodeRow> find(List<String> paths) throws FsException {
        List<InodeRow> found = new ArrayList<>();
        for (String path : paths) {
            found.add(Paths.find(metadata.view(), path));
        }
        return found;
    }

    private Lock describe(TreeLockRow lock) {
        String path = metadata.view()
                .inode(lock.root())
                .flatMap(root -> fileSystem.pathOf(
                        new FileHandle(fileSystem.root().fileSystem(), root.inode(), root.generation(), 0)))
                .orElse("");
        State state = !locks.isInForce(lock) ? State.ENDED : lock.isBeingFilled() ? State.LOCKING : State.LOCKED;
        OptionalLong entries =
                state == State.LOCKING ? LockTree.entries(metadata.view(), lock.lock()) : OptionalLong.empty();
        return new Lock(lock.lock(), path, lock.untilMillis(), state, entries);
    }

    private <T> T stable(T answer) throws FsException {
        try {
            journal.sync(journal.lastSequence());
            return answer;
        } catch (JournalFailedException e) {
            throw new FsException(Errno.EIO, "the journal could not be synced", e);
        }
    }
}
