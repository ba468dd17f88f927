package org.cairnfs.server.app;

import java.util.OptionalLong;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.objectstore.StoreStack;
import org.cairnfs.core.volume.Caches;
import org.cairnfs.core.volume.CairnVolume;
import org.cairnfs.core.volume.Warming;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;

/** The caches, the bandwidth and the compression of an open {@link CairnVolume}. */
final class EngineTuning implements Tuning {
    private final CairnVolume volume;
    private final StoreStack store;

    EngineTuning(CairnVolume volume, StoreStack store) {
        this.volume = volume;
        this.store = store;
    }

    @Override
    public VolumeStatus.Cache caches() {
        return VolumeStatus.Cache.of(volume.caches());
    }

    @Override
    public void resize(OptionalLong memory, OptionalLong disk) throws CairnException {
        if (disk.isPresent()) {
            requireDisk(volume.caches());
        }
        memory.ifPresent(volume.caches()::resizeMemory);
        disk.ifPresent(volume.caches()::resizeDisk);
    }

    static void requireDisk(Caches caches) throws CairnException {
        if (!caches.hasDisk()) {
            throw new CairnException(
                    ExitCode.USAGE, "there is no disk cache: a local storage is as near as one would be", "");
        }
    }

    @Override
    public void drop(boolean memory, boolean disk) {
        drop(volume.caches(), memory, disk);
    }

    static void drop(Caches caches, boolean memory, boolean disk) {
        if (memory) {
            caches.dropMemory();
        }
        if (disk) {
            caches.dropDisk();
        }
    }

    @Override
    public Warmed warm(String path, Progress progress) throws CairnException {
        try {
            Warming.Warmed warmed =
                    volume.caches().warm(path, bytes -> progress.report("warming", bytes, -1, Progress.Unit.BYTES));
            return new Warmed(warmed.files(), warmed.bytes());
        } catch (FsException e) {
            throw EngineFailures.of(e);
        }
    }

    @Override
    public Compression compression() {
        return volume.compression();
    }

    @Override
    public void compress(Compression compression) {
        volume.compression(compression);
    }

    @Override
    public Bandwidths bandwidths() {
        return bandwidths(store);
    }

    @Override
    public void limit(OptionalLong up, OptionalLong down) {
        limit(store, up, down);
    }

    static Bandwidths bandwidths(StoreStack store) {
        return new Bandwidths(store.up().rate(), store.down().rate());
    }

    static void limit(StoreStack store, OptionalLong up, OptionalLong down) {
        up.ifPresent(store.up()::rate);
        down.ifPresent(store.down()::rate);
    }
}
