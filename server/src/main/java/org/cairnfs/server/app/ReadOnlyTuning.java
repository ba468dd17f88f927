package org.cairnfs.server.app;

import java.util.OptionalLong;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.objectstore.StoreStack;
import org.cairnfs.core.view.FollowedBucket;
import org.cairnfs.core.volume.Warming;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.Progress;

/** The caches and the bandwidth of a {@link FollowedBucket}; bounds hold for the barriers that come, too. */
final class ReadOnlyTuning implements Tuning {
    private final FollowedBucket followed;
    private final StoreStack store;

    ReadOnlyTuning(FollowedBucket followed, StoreStack store) {
        this.followed = followed;
        this.store = store;
    }

    @Override
    public VolumeStatus.Cache caches() {
        return followed.<VolumeStatus.Cache, RuntimeException>withCaches(VolumeStatus.Cache::of);
    }

    @Override
    public void resize(OptionalLong memory, OptionalLong disk) throws CairnException {
        if (disk.isPresent()) {
            followed.<Void, CairnException>withCaches(caches -> {
                EngineTuning.requireDisk(caches);
                caches.resizeDisk(disk.getAsLong());
                return null;
            });
        }
        memory.ifPresent(followed::resizeMemory);
    }

    @Override
    public void drop(boolean memory, boolean disk) {
        followed.<Void, RuntimeException>withCaches(caches -> {
            EngineTuning.drop(caches, memory, disk);
            return null;
        });
    }

    @Override
    public Warmed warm(String path, Progress progress) throws CairnException {
        try {
            Warming.Warmed warmed = followed.<Warming.Warmed, FsException>withCaches(
                    caches -> caches.warm(path, bytes -> progress.report("warming", bytes, -1, Progress.Unit.BYTES)));
            return new Warmed(warmed.files(), warmed.bytes());
        } catch (FsException e) {
            throw EngineFailures.of(e);
        }
    }

    /** As the file system was made: nothing is stored from here. */
    @Override
    public Compression compression() {
        return followed.bucket().format().compression();
    }

    @Override
    public void compress(Compression compression) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public Bandwidths bandwidths() {
        return EngineTuning.bandwidths(store);
    }

    @Override
    public void limit(OptionalLong up, OptionalLong down) {
        EngineTuning.limit(store, up, down);
    }
}
