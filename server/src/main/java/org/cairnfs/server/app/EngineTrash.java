package org.cairnfs.server.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.namespace.Trash;
import org.cairnfs.core.volume.CairnVolume;
import org.cairnfs.core.volume.Trees;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;

/** The trash of an open {@link CairnVolume}. */
final class EngineTrash implements VolumeTrash {
    private static final int AT_ONCE = 200;

    private final Trees trees;

    EngineTrash(CairnVolume volume) {
        this.trees = volume.trees();
    }

    @Override
    public Counts counts() {
        Trash.Usage usage = trees.trashUsage();
        return new Counts(usage.inodes(), usage.bytes());
    }

    @Override
    public Counts list(String path, Sink sink) throws CairnException {
        Telling telling = new Telling(sink);
        try {
            trees.trash(path, telling::tell);
        } catch (FsException e) {
            throw failure(e);
        } catch (StoppedException e) {
            throw e.getCause();
        }
        telling.pass();
        return new Counts(telling.items, telling.bytes);
    }

    /** They are not wanted any more. */
    private static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private StoppedException(CairnException cause) {
            super(cause);
        }

        @Override
        public synchronized CairnException getCause() {
            return (CairnException) super.getCause();
        }
    }

    /** Counts, and passes on, some at a time. Used once, by one thread. */
    private static final class Telling {
        private final Sink sink;
        private final List<Item> waiting = new ArrayList<>();
        private long items;
        private long bytes;

        Telling(Sink sink) {
            this.sink = sink;
        }

        void tell(Trash.Item item) {
            items++;
            bytes += item.bytes();
            waiting.add(new Item(
                    item.inode(),
                    item.path().orElse(""),
                    ToldDifferences.type(item.type()),
                    item.bytes(),
                    item.uid(),
                    TimeUnit.NANOSECONDS.toMillis(item.removedNanos()),
                    TimeUnit.NANOSECONDS.toMillis(item.untilNanos())));
            if (waiting.size() == AT_ONCE) {
                try {
                    pass();
                } catch (CairnException e) {
                    throw new StoppedException(e);
                }
            }
        }

        void pass() throws CairnException {
            if (!waiting.isEmpty()) {
                sink.take(List.copyOf(waiting));
                waiting.clear();
            }
        }
    }

    @Override
    public Restored restore(String path, Optional<String> to) throws CairnException {
        try {
            return of(trees.restore(path, to));
        } catch (FsException e) {
            throw failure(e);
        }
    }

    @Override
    public Restored restore(long inode, Optional<String> to) throws CairnException {
        try {
            return of(trees.restore(inode, to));
        } catch (FsException e) {
            throw failure(e);
        }
    }

    private static Restored of(Trash.Restored restored) {
        return new Restored(restored.items(), restored.bytes(), restored.taken());
    }

    @Override
    public long empty(String path, long removedBeforeMillis) throws CairnException {
        try {
            return trees.emptyTrash(
                    path, TimeUnit.MILLISECONDS.toNanos(removedBeforeMillis)); // saturates at the end of time
        } catch (FsException e) {
            throw failure(e);
        }
    }

    @Override
    public void empty(long inode) throws CairnException {
        try {
            trees.emptyTrash(inode);
        } catch (FsException e) {
            throw failure(e);
        }
    }

    private static CairnException failure(FsException failure) {
        if (failure.errno() == Errno.EEXIST) {
            return new CairnException(
                    ExitCode.USAGE, failure.getMessage(), "move that away, or give --to PATH", failure);
        }
        return EngineTrees.failure(failure);
    }
}
