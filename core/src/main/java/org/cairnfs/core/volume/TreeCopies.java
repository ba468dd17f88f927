package org.cairnfs.core.volume;

import com.google.common.base.Splitter;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.namespace.CairnFileSystem;
import org.cairnfs.core.namespace.Paths;
import org.cairnfs.core.namespace.Rollback;
import org.cairnfs.core.namespace.TreeCopy;
import org.cairnfs.core.snapshot.Snapshot;
import org.cairnfs.core.snapshot.Snapshots;
import org.cairnfs.core.work.BackgroundWork;

/** Writable copies of files and trees of an open volume, and what brings them back to what they were. What has returned is on the disk. Thread-safe. */
public final class TreeCopies {
    private static final long POLL_MILLIS = 20;

    /** How often an exchange is tried while a lease is being given back. */
    private static final int TRIES = 500;

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final MetadataStore metadata;
    private final Journal journal;
    private final CairnFileSystem fileSystem;
    private final Snapshots snapshots;
    private final BackgroundWork work;
    private final Flush flush;
    private final Clock clock;

    TreeCopies(
            MetadataStore metadata,
            Journal journal,
            CairnFileSystem fileSystem,
            Snapshots snapshots,
            BackgroundWork work,
            Flush flush,
            Clock clock) {
        this.metadata = metadata;
        this.journal = journal;
        this.fileSystem = fileSystem;
        this.snapshots = snapshots;
        this.work = work;
        this.flush = flush;
        this.clock = clock;
    }

    /** Brings what is dirty into the store. */
    @FunctionalInterface
    interface Flush {
        void run(LongConsumer progress) throws FsException;
    }

    /**
     * Hears how far it is, from the calling thread.
     *
     * <p>{@link #isUploading} comes first, if what was written lately is not in the store yet.
     */
    public interface Listener {
        /** @param bytes that are to be uploaded still */
        void isUploading(long bytes);

        void isCopying(TreeCopy.Progress progress);
    }

    /**
     * Copies a file or a tree, as it is at one moment, and returns when the copy is there. Goes on in the background if the caller ends before.
     *
     * @param source absolute; {@code /DIR/.snapshots/NAME/REST} is out of a snapshot
     * @param target absolute; its directory exists, and it does not
     * @return empty if the volume ended meanwhile: the copy goes on after the next start
     * @throws FsException ENOENT, ENOTDIR, EEXIST, EINVAL, EPERM if a tree lock holds the directory; EDQUOT, EXDEV, EAGAIN: there is no copy then
     */
    public Optional<TreeCopy.Progress> copy(String source, String target, Listener listener)
            throws FsException, InterruptedException {
        Source from = source(source);
        List<String> parts = Splitter.on('/').omitEmptyStrings().splitToList(target);
        if (!target.startsWith("/") || parts.isEmpty()) {
            throw new FsException(Errno.EINVAL, "'" + target + "' is no absolute path of something new");
        }
        String last = parts.get(parts.size() - 1);
        InodeRow parent = Paths.find(metadata.view(), target.substring(0, target.lastIndexOf(last)));
        long copy = fileSystem
                .treeCopy()
                .begin(new TreeCopy.Request(from.snapshot(), from.inode(), parent.inode(), Name.of(last)));
        flush.run(listener::isUploading);
        work.wake();
        Optional<TreeCopy.Progress> ended = await(copy, listener, () -> false);
        if (ended.isPresent() && ended.get().failure().isPresent()) {
            FsException why = ended.get().failure().get();
            throw new FsException(why.errno(), why.getMessage(), why);
        }
        sync();
        return ended;
    }

    /** The other verb; for tests. */
    Rollback rollback() {
        return fileSystem.rollback();
    }

    /** The verb; for tests. */
    TreeCopy treeCopy() {
        return fileSystem.treeCopy();
    }

    /** @param snapshot number of the one that it is in; empty for the present */
    private record Source(OptionalLong snapshot, long inode) {}

    private Source source(String path) throws FsException {
        String within = "/" + Snapshots.DIRECTORY + "/";
        int at = path.indexOf(within);
        if (at < 0) {
            return new Source(
                    OptionalLong.empty(), Paths.find(metadata.view(), path).inode());
        }
        String above = path.substring(0, at) + "/";
        String rest = path.substring(at + within.length());
        int slash = rest.indexOf('/');
        String name = slash < 0 ? rest : rest.substring(0, slash);
        InodeRow directory = Paths.find(metadata.view(), above);
        Snapshot snapshot = snapshots.require(Name.of(name));
        MetadataView past = metadata.asOf(snapshot.epoch());
        InodeRow then = past.inode(directory.inode())
                .orElseThrow(() -> new FsException(Errno.ENOENT, above + " was not there in snapshot " + name));
        InodeRow found = Paths.find(past, then, slash < 0 ? "" : rest.substring(slash));
        return new Source(OptionalLong.of(snapshot.number()), found.inode());
    }

    /**
     * Brings a path back to what it was in a snapshot, after a snapshot of what it is.
     *
     * @param path absolute; {@code /} for everything
     * @return the snapshot that was taken before
     * @throws FsException as {@link Rollback#begin} and {@link Rollback#exchange}: nothing is changed then
     */
    public Snapshot rollback(Name name, String path, Listener listener) throws FsException, InterruptedException {
        Snapshot to = snapshots.require(name);
        Rollback rollback = fileSystem.rollback();
        Rollback.Begun begun = rollback.begin(to, path);
        boolean exchanged = false;
        try {
            flush.run(listener::isUploading);
            work.wake();
            Optional<TreeCopy.Progress> ended = await(begun.work(), listener, () -> rollback.isStaged(begun));
            if (ended.isPresent()) {
                FsException why = ended.get().failure().orElseThrow();
                throw new FsException(why.errno(), why.getMessage(), why);
            }
            Snapshot before = exchange(rollback, begun);
            exchanged = true;
            sync();
            return before;
        } finally {
            if (!exchanged) {
                rollback.giveUp(begun);
            }
        }
    }

    private Snapshot exchange(Rollback rollback, Rollback.Begun begun) throws FsException, InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return rollback.exchange(
                        begun, transaction -> snapshots.take(transaction, freeName(transaction), false));
            } catch (FsException e) {
                if (e.errno() != Errno.EAGAIN || tries == TRIES) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        }
    }

    /** By the time, and a number if there was another in the same second. */
    private Name freeName(Transaction transaction) throws FsException {
        String stamp = "before-rollback-" + STAMP.format(clock.instant());
        Name name = Name.of(stamp);
        for (int more = 2; !Snapshots.isFree(transaction, name); more++) {
            name = Name.of(stamp + "-" + more);
        }
        return name;
    }

    /** Says that something is far enough. */
    private interface Until {
        boolean isReached();
    }

    /** Empty if it got far enough, or the volume ends. */
    private Optional<TreeCopy.Progress> await(long copy, Listener listener, Until until)
            throws FsException, InterruptedException {
        while (!until.isReached() && !work.isClosed()) {
            if (work.isSetAside(copy)) {
                throw new FsException(Errno.EIO, "copy " + copy + " failed; the server's log says why");
            }
            Optional<TreeCopy.Progress> now = fileSystem.treeCopy().progress(copy);
            if (now.isEmpty() || now.get().ended()) {
                return now;
            }
            listener.isCopying(now.get());
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return Optional.empty();
    }

    private void sync() throws FsException {
        try {
            journal.sync(journal.lastSequence());
        } catch (JournalFailedException e) {
            throw new FsException(Errno.EIO, "the journal could not be synced", e);
        }
    }
}
