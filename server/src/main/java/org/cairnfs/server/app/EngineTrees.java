package org.cairnfs.server.app;

import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.namespace.TreeRemoval;
import org.cairnfs.core.treelock.UnlockPolicy;
import org.cairnfs.core.usage.TreeMeter;
import org.cairnfs.core.usage.TreeUsage;
import org.cairnfs.core.volume.CairnVolume;
import org.cairnfs.core.volume.TreeCopies;
import org.cairnfs.core.volume.TreeQuotas;
import org.cairnfs.core.volume.TreeSizes;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.config.Unlocking;

/** The trees of an open {@link CairnVolume}. */
final class EngineTrees implements Trees {
    private final org.cairnfs.core.volume.Trees trees;
    private final TreeCopies copies;
    private final TreeQuotas quotas;
    private final TreeSizes sizes;
    private final Unlocking unlocking;

    EngineTrees(CairnVolume volume, Unlocking unlocking) {
        this.trees = volume.trees();
        this.copies = volume.treeCopies();
        this.quotas = volume.treeQuotas();
        this.sizes = volume.treeSizes();
        this.unlocking = unlocking;
    }

    @Override
    public List<Lock> lock(List<String> paths, long untilMillis) throws CairnException {
        try {
            return of(trees.lock(paths, untilMillis));
        } catch (FsException e) {
            throw failure(e);
        }
    }

    @Override
    public List<Lock> unlock(List<String> paths) throws CairnException {
        try {
            return of(trees.unlock(paths, unlocking == Unlocking.ALLOWED ? UnlockPolicy.ALLOWED : UnlockPolicy.NEVER));
        } catch (FsException e) {
            throw failure(e);
        }
    }

    @Override
    public List<Lock> locks() {
        return of(trees.locks());
    }

    @Override
    public Removed remove(List<String> paths, boolean forever, boolean await, Progress progress) throws CairnException {
        try {
            List<Long> removals = trees.remove(paths, forever);
            if (!await) {
                return new Removed(paths.size(), 0, removals.isEmpty());
            }
            TreeRemoval.Freed freed = trees.awaitFreed(
                    removals, now -> progress.report("freeing", now.entries(), -1, Progress.Unit.OBJECTS));
            return new Removed(paths.size() + freed.entries(), freed.bytes(), freed.ended());
        } catch (FsException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CairnException(ExitCode.INTERRUPTED, "interrupted; freeing goes on in the background", "", e);
        }
    }

    @Override
    public Copied copy(String source, String target, Progress progress) throws CairnException {
        try {
            return copies.copy(source, target, new CopyProgress(progress))
                    .map(done -> new Copied(done.entries(), done.bytes(), true))
                    .orElseGet(() -> new Copied(0, 0, false));
        } catch (FsException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CairnException(ExitCode.INTERRUPTED, "interrupted; copying goes on in the background", "", e);
        }
    }

    @Override
    public Quota setQuota(String path, Limits limits) throws CairnException {
        try {
            return of(quotas.set(
                    path,
                    new TreeQuotas.Limits(
                            limits.softBytes(),
                            limits.bytes(),
                            limits.softInodes(),
                            limits.inodes(),
                            limits.graceSeconds())));
        } catch (FsException e) {
            throw failure(e);
        }
    }

    @Override
    public void removeQuota(String path) throws CairnException {
        try {
            quotas.remove(path);
        } catch (FsException e) {
            throw failure(e);
        }
    }

    @Override
    public List<Quota> quotas() {
        return quotas.all().stream().map(EngineTrees::of).toList();
    }

    @Override
    public List<Size> sizes(List<String> paths, boolean stored, Progress progress) throws CairnException {
        TreeMeter.Listener listener = new TreeMeter.Listener() {
            @Override
            public void walked(long entries) {
                progress.report("counting", entries, -1, Progress.Unit.OBJECTS);
            }

            @Override
            public void scanned(long files, long ofFiles) {
                progress.report("looking at what is stored", files, ofFiles, Progress.Unit.OBJECTS);
            }
        };
        List<Size> all = new ArrayList<>();
        try {
            for (String path : paths) {
                all.add(of(path, sizes.of(path, stored, listener)));
            }
            return all;
        } catch (FsException e) {
            throw failure(e);
        }
    }

    private static Size of(String path, TreeUsage usage) {
        Stored stored = usage.stored()
                .map(of -> new Stored(
                        of.chunks(),
                        of.plainBytes(),
                        of.storedBytes(),
                        of.sharing()
                                .map(by -> new Sharing(by.alone(), by.snapshots(), by.elsewhere()))
                                .orElse(null)))
                .orElse(null);
        return new Size(path, usage.bytes(), usage.inodes(), usage.counted(), stored);
    }

    private static Quota of(TreeQuotas.Quota quota) {
        TreeQuotas.Limits limits = quota.limits();
        return new Quota(
                quota.path(),
                new Limits(
                        limits.softBytes(),
                        limits.hardBytes(),
                        limits.softInodes(),
                        limits.hardInodes(),
                        limits.graceSeconds()),
                quota.bytes(),
                quota.inodes(),
                quota.exceededSinceMillis(),
                quota.settled());
    }

    /** Here EAGAIN is of something that ends by itself. */
    static CairnException failure(FsException failure) {
        return failure.errno() == Errno.EAGAIN
                ? new CairnException(
                        ExitCode.SERVER_NOT_ANSWERING, failure.getMessage(), "try again in a moment", failure)
                : EngineFailures.of(failure);
    }

    private static List<Lock> of(List<org.cairnfs.core.volume.Trees.Lock> locks) {
        return locks.stream().map(EngineTrees::of).toList();
    }

    private static Lock of(org.cairnfs.core.volume.Trees.Lock lock) {
        LockState state = switch (lock.state()) {
            case LOCKING -> LockState.LOCKING;
            case LOCKED -> LockState.LOCKED;
            case ENDED -> LockState.ENDED;
        };
        return new Lock(
                lock.number(),
                lock.path(),
                lock.untilMillis(),
                state,
                lock.entries().orElse(-1));
    }
}
