package org.cairnfs.core.namespace;

import com.google.common.util.concurrent.MoreExecutors;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.SnapshotRow;
import org.cairnfs.core.metadata.row.WorkRow;
import org.cairnfs.core.quota.Quotas;
import org.cairnfs.core.snapshot.HiddenSnapshots;
import org.cairnfs.core.work.WorkStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies files and trees, of the present or out of a snapshot: a hidden snapshot keeps the source as it was at one moment, background work
 * makes the copy where nobody sees it ({@link Staging}), step by step, and one mutation lets it appear, whole. No byte is copied: the chunks are shared.
 *
 * <p>A copy goes on after a restart. What cannot end (the name is taken by then, a quota is full) is given up, and nothing is left of it.
 *
 * <p>Extents are as of the moment only when what was written before is in the store; until then, a copy waits.
 *
 * <p>Safe for any number of threads. Pages are read ahead by a thread of its own, beside the writer thread that copies the one before.
 */
public final class TreeCopy implements WorkStep {
    private static final Logger LOG = LoggerFactory.getLogger(TreeCopy.class);
    static final String OPERATION = "copy-tree";

    private final MetadataStore store;
    private final Writer writer;
    private final Guards guards;
    private final RemovedTrees removed;
    private final TreeRemoval removal;
    private final Quotas quotas;
    private final long incarnation;
    private final LongPredicate isUnflushedBefore;
    private final Runnable wakeBackground;
    private final Map<Long, Reading> reading = new ConcurrentHashMap<>();
    private final Map<Long, Progress> progress = new ConcurrentHashMap<>();
    private final ExecutorService readers = Executors.newSingleThreadExecutor(new ThreadFactoryBuilder()
            .setNameFormat("copy-reader")
            .setDaemon(true)
            .build());

    /**
     * Copies of a file system.
     *
     * @param incarnation of this server
     * @param isUnflushedBefore whether anything that was written before an epoch is not in extents yet
     */
    TreeCopy(
            MetadataStore store,
            Writer writer,
            Guards guards,
            RemovedTrees removed,
            TreeRemoval removal,
            Quotas quotas,
            long incarnation,
            LongPredicate isUnflushedBefore,
            Runnable wakeBackground) {
        this.store = store;
        this.writer = writer;
        this.guards = guards;
        this.removed = removed;
        this.removal = removal;
        this.quotas = quotas;
        this.incarnation = incarnation;
        this.isUnflushedBefore = isUnflushedBefore;
        this.wakeBackground = wakeBackground;
        store.view().works().stream()
                .filter(work -> work.operation().equals(OPERATION))
                .forEach(work -> removed.isDetached(
                        CopyState.Arguments.decode(work.arguments()).staging()));
    }

    /**
     * What is copied.
     *
     * @param snapshot number of the one out of which it is; empty for the present
     * @param source inode of its top
     * @param parent inode of the directory that gets the copy
     * @param name of the copy in it
     */
    public record Request(OptionalLong snapshot, long source, long parent, Name name) {}

    /**
     * How far a copy is.
     *
     * @param entries that were copied
     * @param bytes of the files
     * @param ended whether that is all
     * @param failure why it was given up; empty while it goes on or when it is there
     */
    public record Progress(long entries, long bytes, boolean ended, Optional<FsException> failure) {}

    /** The next page of a copy, being read. */
    private final class Reading {
        private final CopySource source;
        private CompletableFuture<CopySource.Page> page;
        private CopySource.Place from;

        Reading(CopyState.Arguments arguments) {
            this.source = new CopySource(store.asOf(arguments.epoch()), arguments.source());
        }

        /** Whether the page from a place on is there; begins to read it if not. */
        synchronized boolean isReady(CopySource.Place wanted) {
            if (page == null || !from.equals(wanted)) {
                from = wanted;
                CompletableFuture<CopySource.Page> next = new CompletableFuture<>();
                page = next;
                readers.execute(() -> {
                    read(wanted, next);
                    wakeBackground.run();
                });
            }
            return page.isDone();
        }

        private void read(CopySource.Place wanted, CompletableFuture<CopySource.Page> to) {
            try {
                to.complete(source.read(wanted));
            } catch (FsException | RuntimeException e) {
                to.completeExceptionally(e);
            }
        }

        /** That page. */
        CopySource.Page take(CopySource.Place wanted) throws FsException {
            CompletableFuture<CopySource.Page> ready;
            synchronized (this) {
                isReady(wanted);
                ready = page;
            }
            try {
                return ready.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof FsException failure) {
                    throw failure;
                }
                throw e;
            }
        }
    }

    /**
     * Begins a copy, of what the source is at this moment.
     *
     * @return by which to ask {@link #progress}
     * @throws FsException ENOENT, ENOTDIR, EEXIST, EPERM if a tree lock holds the directory; EAGAIN
     */
    public long begin(Request request) throws FsException {
        OpContext op = new OpContext(Credentials.ROOT);
        return writer.change(op, transaction -> {
            InodeRow parent = parent(transaction, request.parent(), request.name());
            guards.beforeChange(op, parent);
            return begin(transaction, request, parent.quotaRoot(), 0);
        });
    }

    /** Begins one that ends by {@link Rollback}, of this server. */
    long begin(Transaction transaction, Request request, long quotaRoot, long incarnation) throws FsException {
        SnapshotRow moment = HiddenSnapshots.take(transaction, request.snapshot());
        InodeRow staging = Staging.begin(transaction);
        CopyState.Arguments arguments = new CopyState.Arguments(
                moment.number(),
                moment.epoch(),
                request.source(),
                staging.inode(),
                request.parent(),
                quotaRoot,
                incarnation,
                request.name());
        CopyState.Cursor cursor =
                new CopyState.Cursor(CopyState.Phase.COPY, CopySource.Place.BEGINNING, 0, staging.inode(), 0, 0);
        long work = transaction.newWork();
        transaction.put(new WorkRow(work, OPERATION, arguments.encode(), cursor.encode()));
        transaction.onAppended(sequence -> {
            progress.put(work, new Progress(0, 0, false, Optional.empty()));
            removed.isDetached(staging.inode());
        });
        transaction.afterCommit(wakeBackground);
        return work;
    }

    /** How far a copy is; empty if it was told already that it is over, or the copy is of before this start. */
    public Optional<Progress> progress(long work) {
        Progress now = progress.get(work);
        if (now != null && now.ended()) {
            progress.remove(work);
        }
        return Optional.ofNullable(now);
    }

    /** The hidden snapshots that copies need, of before this start too. */
    public Set<Long> hiddenSnapshots() {
        return store.view().works().stream()
                .filter(work -> work.operation().equals(OPERATION))
                .map(work -> CopyState.Arguments.decode(work.arguments()).snapshot())
                .collect(Collectors.toSet());
    }

    // ---- the work

    @Override
    public String operation() {
        return OPERATION;
    }

    /** A copy takes space. */
    @Override
    public boolean usesReserve() {
        return false;
    }

    @Override
    public boolean isReady(WorkRow work) {
        CopyState.Arguments arguments = CopyState.Arguments.decode(work.arguments());
        CopyState.Cursor cursor = CopyState.Cursor.decode(work.cursor());
        return isGivenUp(arguments)
                || switch (cursor.phase()) {
                    case COPY -> isReadyToCopy(work.id(), arguments, cursor);
                    case FORGET_LINKS -> true;
                    case ATTACH -> arguments.incarnation() == 0;
                };
    }

    private boolean isReadyToCopy(long work, CopyState.Arguments arguments, CopyState.Cursor cursor) {
        if (!reading.containsKey(work) && isUnflushedBefore.test(arguments.epoch() + 1)) {
            return false;
        }
        return reading.computeIfAbsent(work, id -> new Reading(arguments)).isReady(cursor.place());
    }

    /** Whether nobody waits for it any more. */
    private boolean isGivenUp(CopyState.Arguments arguments) {
        return arguments.incarnation() != 0 && arguments.incarnation() != incarnation;
    }

    @Override
    public Optional<Bytes> step(Transaction transaction, WorkRow work) throws FsException {
        CopyState.Arguments arguments = CopyState.Arguments.decode(work.arguments());
        CopyState.Cursor cursor = CopyState.Cursor.decode(work.cursor());
        if (isGivenUp(arguments)) {
            end(transaction, work.id(), arguments, cursor, Optional.empty());
            return Optional.empty();
        }
        return switch (cursor.phase()) {
            case COPY -> copy(transaction, work.id(), arguments, cursor);
            case FORGET_LINKS -> forgetLinks(transaction, arguments, cursor);
            case ATTACH -> attach(transaction, work.id(), arguments, cursor);
        };
    }

    private Optional<Bytes> copy(
            Transaction transaction, long work, CopyState.Arguments arguments, CopyState.Cursor cursor)
            throws FsException {
        Reading ahead = reading.computeIfAbsent(work, id -> new Reading(arguments));
        CopySource.Page page;
        try {
            page = ahead.take(cursor.place());
            requireRoom(arguments, page);
        } catch (FsException e) {
            return end(transaction, work, arguments, cursor, Optional.of(e));
        }
        page.next().ifPresent(ahead::isReady);
        Staging staging = new Staging(transaction, arguments, ahead.source, quotasOf(arguments), cursor);
        for (CopySource.Item item : page.items()) {
            staging.take(item);
        }
        CopyState.Cursor next = staging.finish(cursor, page.next());
        transaction.afterCommit(() -> {
            progress.computeIfPresent(
                    work, (id, before) -> new Progress(next.entries(), next.bytes(), false, Optional.empty()));
            if (page.next().isEmpty()) {
                reading.remove(work);
            }
        });
        return Optional.of(next.encode());
    }

    /** A copy that replaces what is there takes no more than that for good, and is not refused for what it takes meanwhile. */
    private void requireRoom(CopyState.Arguments arguments, CopySource.Page page) throws FsException {
        if (arguments.quotaRoot() != 0 && arguments.incarnation() == 0) {
            long bytes = page.items().stream()
                    .filter(item -> item.from() == 0 && item.inode().type() == FileType.REGULAR)
                    .mapToLong(item -> item.inode().size())
                    .sum();
            quotas.requireRoom(arguments.quotaRoot(), bytes, page.items().size());
        }
    }

    private Staging.CopyQuotas quotasOf(CopyState.Arguments arguments) {
        return arguments.incarnation() == 0
                ? (transaction, of, copy, above) -> above
                : (transaction, of, copy, above) -> quotas.carryOver(transaction, of, copy) ? copy : above;
    }

    private Optional<Bytes> forgetLinks(Transaction transaction, CopyState.Arguments arguments, CopyState.Cursor cursor)
            throws FsException {
        boolean more = new Staging(transaction, arguments, null, null, cursor).forgetLinks();
        return Optional.of((more ? cursor : cursor.in(CopyState.Phase.ATTACH)).encode());
    }

    private Optional<Bytes> attach(
            Transaction transaction, long work, CopyState.Arguments arguments, CopyState.Cursor cursor)
            throws FsException {
        OpContext op = new OpContext(Credentials.ROOT);
        try {
            InodeRow parent = parent(transaction, arguments.parent(), arguments.name());
            if (parent.quotaRoot() != arguments.quotaRoot()) {
                throw new FsException(Errno.EXDEV, "the quota of its directory was changed meanwhile");
            }
            DirectoryEdit.requireRoomForLink(parent);
            guards.beforeChange(op, parent);
            DirectoryEdit edit = new DirectoryEdit(transaction, parent);
            edit.add(arguments.name(), taken(transaction, arguments.staging(), parent.inode()));
            edit.finish();
        } catch (FsException e) {
            guards.afterChange(op);
            if (e.errno() == Errno.EAGAIN) {
                throw e;
            }
            return end(transaction, work, arguments, cursor, Optional.of(e));
        }
        transaction.afterCommit(() -> guards.afterChange(op));
        return end(transaction, work, arguments, cursor, Optional.empty());
    }

    /**
     * Takes the copy out of where it was made.
     *
     * @param parent that it gets
     */
    static InodeRow taken(Transaction transaction, long staging, long parent) throws FsException {
        InodeRow from = transaction.peek(staging).orElseThrow();
        InodeRow copy = Entries.toChange(transaction, Entries.require(transaction, from, Staging.COPY));
        DirectoryEdit edit = new DirectoryEdit(transaction, from);
        edit.remove(Staging.COPY, copy);
        edit.finish();
        InodeRow moved = copy.edit()
                .parent(copy.isDirectory() ? parent : 0)
                .ctime(transaction.now())
                .change(transaction.nextChange())
                .build();
        transaction.put(moved);
        return moved;
    }

    /** Where a copy is to be; ENOENT, ENOTDIR, EEXIST. */
    private static InodeRow parent(Transaction transaction, long inode, Name name) throws FsException {
        InodeRow parent = transaction
                .peek(inode)
                .filter(row -> row.nlink() > 0)
                .orElseThrow(() -> new FsException(Errno.ENOENT, "the directory for " + name + " was removed"));
        if (!parent.isDirectory()) {
            throw new FsException(Errno.ENOTDIR, "what is to hold " + name + " is no directory");
        }
        if (transaction.dirent(inode, name).isPresent()) {
            throw new FsException(Errno.EEXIST, name + " exists");
        }
        return parent;
    }

    /** Ends a copy: what is left in staging goes, and so does the hidden snapshot. */
    private Optional<Bytes> end(
            Transaction transaction,
            long work,
            CopyState.Arguments arguments,
            CopyState.Cursor cursor,
            Optional<FsException> failure) {
        removal.discard(transaction, transaction.peek(arguments.staging()).orElseThrow(), Optional.empty());
        HiddenSnapshots.drop(transaction, arguments.snapshot());
        transaction.afterCommit(() -> {
            reading.remove(work);
            progress.computeIfPresent(
                    work, (id, before) -> new Progress(cursor.entries(), cursor.bytes(), true, failure));
            failure.ifPresent(why -> LOG.warn(
                    "copy {} ({} entries so far) is given up: {}; nothing is left of it",
                    work,
                    cursor.entries(),
                    why.getMessage()));
            wakeBackground.run();
        });
        return Optional.empty();
    }

    // ---- for who replaces something by a copy

    /** Whether everything is copied of a copy of {@link #begin(Transaction, Request, long, long)}. */
    boolean isStaged(long work) {
        return row(store.view(), work)
                .map(row -> CopyState.Cursor.decode(row.cursor()).phase() == CopyState.Phase.ATTACH)
                .orElse(false);
    }

    /** Where a copy is made. */
    static long staging(WorkRow work) {
        return CopyState.Arguments.decode(work.arguments()).staging();
    }

    static Optional<WorkRow> row(MetadataView view, long work) {
        return view.works().stream().filter(row -> row.id() == work).findFirst();
    }

    /** Ends a copy from outside: it was taken, or is not wanted any more. */
    void end(Transaction transaction, WorkRow work) {
        transaction.delete(work.key());
        CopyState.Cursor cursor = CopyState.Cursor.decode(work.cursor());
        end(transaction, work.id(), CopyState.Arguments.decode(work.arguments()), cursor, Optional.empty());
    }

    /** Waits for the page that is being read. */
    @Override
    public void close() {
        MoreExecutors.shutdownAndAwaitTermination(readers, Duration.ofMinutes(1));
    }
}
