package org.cairnfs.core.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.cairnfs.core.data.FreeContent;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.lock.Leases;
import org.cairnfs.core.metadata.CheckpointSource;
import org.cairnfs.core.metadata.H2MetadataStore;
import org.cairnfs.core.metadata.MetadataOptions;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.Rows;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.namespace.CairnFileSystem;
import org.cairnfs.core.namespace.Capacity;
import org.cairnfs.core.namespace.RootDirectory;
import org.cairnfs.core.quota.AssignQuota;
import org.cairnfs.core.quota.QuotaSetting;
import org.cairnfs.core.quota.Quotas;
import org.cairnfs.core.treelock.LockClock;
import org.cairnfs.core.treelock.LockTree;
import org.cairnfs.core.treelock.TreeLocking;
import org.cairnfs.core.treelock.TreeLocks;
import org.cairnfs.core.treelock.UnlockTree;
import org.cairnfs.core.work.BackgroundWork;

/**
 * The real verbs over contents in memory, and over metadata in memory or in H2. Background work is done
 * when {@link #disturb} is told so. Used by one thread; the file system itself by any number.
 */
public final class VerbsSubject implements Subject {
    private final UUID id = UUID.randomUUID();
    private final LongSupplier clock;
    private final Opener opener;
    private MetadataStore store;
    private MemoryContents contents;
    private BackgroundWork work;
    private TreeLocks treeLocks;
    private Quotas quotas;
    private QuotaSetting quotaSetting;
    private TreeLocking treeLocking;
    private CairnFileSystem fileSystem;
    private Leases leases = Leases.NONE;
    private boolean readOnly;
    private Duration trashKeep = Duration.ZERO;
    private long starts;

    /** Opens metadata, the first time with {@code before} null, then after it. */
    private interface Opener {
        MetadataStore open(MetadataStore before, long incarnation) throws Exception;
    }

    private VerbsSubject(LongSupplier clock, Opener opener) {
        this.clock = clock;
        this.opener = opener;
        restart();
        try {
            RootDirectory.ensure(store, 0, 0);
        } catch (FsException e) {
            throw new IllegalStateException(e);
        }
        fileSystem.endGrace();
    }

    /** A new file system in memory, grace over. */
    public static VerbsSubject inMemory(LongSupplier clock) {
        return new VerbsSubject(
                clock,
                (before, incarnation) ->
                        before == null ? new MemoryMetadataStore(clock) : ((MemoryMetadataStore) before).restarted());
    }

    /** A new file system with a journal in memory and its metadata in H2, grace over. */
    public static VerbsSubject onH2(LongSupplier clock, Path directory) {
        Journal journal = new MemoryJournal();
        return new VerbsSubject(clock, (before, incarnation) -> {
            if (before != null) {
                before.close();
            }
            MetadataOptions options = MetadataOptions.of(incarnation, clock, () -> Long.MAX_VALUE, failure -> {
                throw new IllegalStateException("the store failed", failure);
            });
            // Contents live on in memory, so nothing has to be replayed into them.
            return H2MetadataStore.open(
                    directory, journal, options, CheckpointSource.NONE, (sequence, epoch, operation, payload) -> {});
        });
    }

    @Override
    public CairnFileSystem fileSystem() {
        return fileSystem;
    }

    public MetadataStore store() {
        return store;
    }

    public MemoryContents contents() {
        return contents;
    }

    public BackgroundWork work() {
        return work;
    }

    public TreeLocks treeLocks() {
        return treeLocks;
    }

    public Quotas quotas() {
        return quotas;
    }

    public QuotaSetting quotaSetting() {
        return quotaSetting;
    }

    public TreeLocking treeLocking() {
        return treeLocking;
    }

    /** Starts again with leases. */
    public void restartWith(Leases newLeases) {
        leases = newLeases;
        restart();
    }

    /** Starts again, with a trash. */
    public void restartWithTrash(Duration keep) {
        trashKeep = keep;
        restart();
    }

    /** Starts again, read-only. */
    public void restartReadOnly() {
        readOnly = true;
        restart();
    }

    @Override
    public void restart() {
        try {
            store = opener.open(store, ++starts);
        } catch (Exception e) {
            throw new IllegalStateException("the metadata does not open", e);
        }
        contents = contents == null ? new MemoryContents(store) : contents.restarted(store);
        FreeContent freeContent = new FreeContent(() -> 1, (content, epoch) -> false);
        treeLocks = new TreeLocks(
                store,
                new LockClock(
                        Rows.all(store.view(), CounterRow.class),
                        () -> TimeUnit.NANOSECONDS.toMillis(clock.getAsLong()),
                        clock));
        quotas = new Quotas(store, () -> TimeUnit.NANOSECONDS.toMillis(clock.getAsLong()));
        fileSystem = new CairnFileSystem(new CairnFileSystem.Parts(
                id,
                store,
                contents,
                freeContent,
                () -> {},
                sequence -> {},
                treeLocks,
                quotas,
                trashKeep,
                leases,
                clock,
                Capacity.UNLIMITED,
                starts,
                readOnly,
                0));
        work = new BackgroundWork(
                store,
                List.of(
                        freeContent,
                        new LockTree(treeLocks),
                        new UnlockTree(treeLocks),
                        new AssignQuota(quotas),
                        fileSystem.treeRemoval()));
        quotaSetting =
                new QuotaSetting(store, quotas, () -> TimeUnit.NANOSECONDS.toMillis(clock.getAsLong()), work::wake);
        treeLocking = new TreeLocking(store, treeLocks, work::wake);
    }

    /** 0: background work; 1: what is in memory goes to the database. */
    @Override
    public void disturb(int choice) {
        if (choice == 0) {
            work.drain();
        } else {
            store.checkpointDatabase();
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
