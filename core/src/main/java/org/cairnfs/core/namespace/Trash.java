package org.cairnfs.core.namespace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.TrashRow;

/**
 * What was removed and is kept for a time: told, brought back by its path, or freed, by hand or when its time is over.
 *
 * <p>A path may be in it more often than once: each time something was removed from there. The newest is what is brought back. Listing, and
 * looking for paths, goes through the whole trash.
 *
 * <p>Safe for any number of threads; each inode is brought back or freed in a mutation of its own, or with some others, so what is interrupted
 * can be done again.
 */
public final class Trash {
    /** Inodes freed in a mutation. */
    private static final int IN_STEP = 128;

    /** How many are brought back at once: their paths are held on the heap. */
    static final int MAX_RESTORED = 500_000;

    private final MetadataStore store;
    private final Writer writer;
    private final Orphans orphans;
    private final TrashRestoring restoring;
    private final LongSupplier clock;

    Trash(MetadataStore store, Writer writer, Guards guards, Orphans orphans, LongSupplier clock) {
        this.store = store;
        this.writer = writer;
        this.restoring = new TrashRestoring(store, writer, guards);
        this.orphans = orphans;
        this.clock = clock;
    }

    /**
     * Something in the trash.
     *
     * @param inode by which it can be named even if its path is not known or not unique
     * @param path where it was; empty if the directory that held it is no more
     * @param bytes of a file
     * @param removedNanos wall clock, nanoseconds since the epoch
     * @param untilNanos when it goes
     */
    public record Item(
            long inode,
            Optional<String> path,
            FileType type,
            long bytes,
            int uid,
            long removedNanos,
            long untilNanos) {}

    /**
     * What was brought back.
     *
     * @param taken paths that were not, as something else is there now
     */
    public record Restored(long items, long bytes, List<String> taken) {}

    /** Tells what was removed at or below a path, what goes first first. */
    public void list(String below, Consumer<Item> told) throws FsException {
        MetadataView view = store.view();
        String upper = TrashPaths.normal(below);
        TrashPaths paths = new TrashPaths(view);
        for (TrashRow row : new TrashRows(view)) {
            Optional<String> path = paths.of(row);
            if (path.map(at -> TrashPaths.isAtOrBelow(at, upper)).orElse(upper.equals("/"))) {
                view.inode(row.inode())
                        .filter(InodeRow::isTrashed)
                        .ifPresent(inode -> told.accept(new Item(
                                row.inode(),
                                path,
                                inode.type(),
                                inode.size(),
                                inode.uid(),
                                row.removed(),
                                row.until())));
            }
        }
    }

    /** How much is in it: inodes, and the sizes of the files. At once. */
    public Usage usage() {
        return new Usage(
                store.view().usage(InodeRow.TRASH_ROOT).inodes(),
                store.view().usage(InodeRow.TRASH_ROOT).bytes());
    }

    /** What is in the trash. */
    public record Usage(long inodes, long bytes) {}

    // ---- back

    /**
     * Brings back what was removed at or below a path, in each place the newest; directories above it, too, that were removed. What is there now
     * stays.
     *
     * @param to the path that it is to have; empty for the one that it had
     * @throws FsException ENOENT if nothing was; EEXIST if something is in the way of all of it; E2BIG above {@link #MAX_RESTORED}; EPERM, EDQUOT,
     *     EAGAIN as if it were made there: what was brought back until then stays
     */
    public Restored restore(String path, Optional<String> to) throws FsException {
        return restoring.restore(path, to);
    }

    /**
     * Brings back one inode, and nothing with it.
     *
     * @param to the path that it is to have; empty for the one that it had
     * @throws FsException as {@link #restore(String, Optional)}
     */
    public Restored restore(long inode, Optional<String> to) throws FsException {
        return restoring.restore(inode, to);
    }

    // ---- away

    /**
     * Frees what was removed at or below a path.
     *
     * @param removedBefore only what was removed before this, nanoseconds since the epoch
     * @return how many inodes
     */
    public long empty(String below, long removedBefore) throws FsException {
        String upper = TrashPaths.normal(below);
        TrashPaths paths = new TrashPaths(store.view());
        return free(row -> row.removed() < removedBefore
                && (upper.equals("/")
                        || paths.of(row)
                                .map(path -> TrashPaths.isAtOrBelow(path, upper))
                                .orElse(false)));
    }

    /** Frees one inode; ENOENT. */
    public void empty(long inode) throws FsException {
        if (free(row -> row.inode() == inode) == 0) {
            throw new FsException(Errno.ENOENT, "inode " + inode + " is not in the trash");
        }
    }

    /**
     * Frees what has been kept long enough.
     *
     * @return how many inodes
     */
    public long expire() throws FsException {
        long now = clock.getAsLong();
        long freed = 0;
        List<TrashRow> ended = ended(now);
        while (!ended.isEmpty()) {
            freed += free(ended);
            ended = ended(now);
        }
        return freed;
    }

    private List<TrashRow> ended(long now) {
        return store.view().scan(TrashRow.class, Optional.empty(), IN_STEP).stream()
                .filter(row -> row.until() <= now)
                .toList();
    }

    private long free(Predicate<TrashRow> which) throws FsException {
        long freed = 0;
        List<TrashRow> step = new ArrayList<>();
        for (TrashRow row : new TrashRows(store.view())) {
            if (which.test(row)) {
                step.add(row);
            }
            if (step.size() == IN_STEP) {
                freed += free(step);
                step.clear();
            }
        }
        return freed + free(step);
    }

    private long free(List<TrashRow> rows) throws FsException {
        if (rows.isEmpty()) {
            return 0;
        }
        return writer.changeFreeing(new OpContext(Credentials.ROOT), transaction -> {
            long freed = 0;
            for (TrashRow row : rows) {
                Optional<InodeRow> inode = trashed(transaction, row);
                if (inode.isPresent()) {
                    transaction.delete(row.key());
                    orphans.release(transaction, inode.get());
                    freed++;
                }
            }
            return freed;
        });
    }

    /** The inode of a row that is still there: it may have been brought back since, and removed again. */
    static Optional<InodeRow> trashed(Transaction transaction, TrashRow row) {
        boolean there = transaction
                .scan(TrashRow.class, Optional.of(new RowKey.Trash(row.until(), row.inode() - 1)), 1)
                .contains(row);
        return there ? transaction.inode(row.inode()) : Optional.empty();
    }
}
