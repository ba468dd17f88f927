package org.cairnfs.core.testkit;

import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.cairnfs.core.data.FreeContent;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.lock.Leases;
import org.cairnfs.core.namespace.CairnFileSystem;
import org.cairnfs.core.namespace.Capacity;
import org.cairnfs.core.namespace.RootDirectory;
import org.cairnfs.core.work.BackgroundWork;

/** The real verbs over metadata and contents in memory; background work is done when {@link #drain} is called. */
public final class MemorySubject implements Subject {
    private final UUID id = UUID.randomUUID();
    private final LongSupplier clock;
    private final boolean readOnly;
    private MemoryMetadataStore store;
    private MemoryContents contents;
    private BackgroundWork work;
    private CairnFileSystem fileSystem;
    private long starts;

    /** A new file system whose grace is over. */
    public MemorySubject(LongSupplier clock) {
        this(clock, false);
        fileSystem.endGrace();
    }

    private MemorySubject(LongSupplier clock, boolean readOnly) {
        this.clock = clock;
        this.readOnly = readOnly;
        store = new MemoryMetadataStore(clock);
        contents = new MemoryContents(store);
        try {
            RootDirectory.ensure(store, 0, 0);
        } catch (FsException e) {
            throw new IllegalStateException(e);
        }
        open();
    }

    private void open() {
        FreeContent freeContent = new FreeContent(store::lastSequence);
        work = new BackgroundWork(store, List.of(freeContent));
        fileSystem = new CairnFileSystem(new CairnFileSystem.Parts(
                id,
                store,
                contents,
                freeContent,
                work::wake,
                sequence -> {},
                Leases.NONE,
                clock,
                Capacity.UNLIMITED,
                ++starts,
                readOnly));
    }

    @Override
    public CairnFileSystem fileSystem() {
        return fileSystem;
    }

    public MemoryMetadataStore store() {
        return store;
    }

    public MemoryContents contents() {
        return contents;
    }

    /** Does all background work. */
    public void drain() {
        work.drain();
    }

    @Override
    public void restart() {
        store = store.restarted();
        contents = contents.restarted(store);
        open();
    }
}
