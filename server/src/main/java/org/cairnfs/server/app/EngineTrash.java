package org.cairnfs.server.app;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.namespace.Trash;
import org.cairnfs.core.volume.CairnVolume;
import org.cairnfs.core.volume.Trees;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;

/** The trash of an open {@link CairnVolume}. */
final class EngineTrash implements VolumeTrash {
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
        AtomicLong items = new AtomicLong();
        AtomicLong bytes = new AtomicLong();
        Batches<Item> batches = new Batches<>(sink::take);
        try {
            trees.trash(path, item -> {
                items.incrementAndGet();
                bytes.addAndGet(item.bytes());
                batches.add(of(item));
            });
            batches.end();
        } catch (FsException e) {
            throw failure(e);
        } catch (Batches.StoppedException e) {
            throw e.getCause();
        }
        return new Counts(items.get(), bytes.get());
    }

    private static Item of(Trash.Item item) {
        return new Item(
                item.inode(),
                item.path().orElse(""),
                ToldDifferences.type(item.type()),
                item.bytes(),
                item.uid(),
                TimeUnit.NANOSECONDS.toMillis(item.removedNanos()),
                TimeUnit.NANOSECONDS.toMillis(item.untilNanos()));
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
