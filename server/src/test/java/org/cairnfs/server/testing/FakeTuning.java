package org.cairnfs.server.testing;

import java.util.OptionalLong;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.app.Tuning;
import org.cairnfs.server.app.VolumeStatus;

/** Remembers what it is told. */
final class FakeTuning implements Tuning {
    private long memory = 1 << 20;
    private long disk = 1 << 30;
    private long memoryUsed = 1_000;
    private long diskUsed = 2_000;
    private Bandwidths bandwidths = new Bandwidths(0, 0);
    private Compression compression = Compression.DEFAULT;

    @Override
    public synchronized VolumeStatus.Cache caches() {
        return new VolumeStatus.Cache(memoryUsed, memory, diskUsed, disk, 0, 0);
    }

    @Override
    public synchronized void resize(OptionalLong newMemory, OptionalLong newDisk) {
        memory = newMemory.orElse(memory);
        disk = newDisk.orElse(disk);
    }

    @Override
    public synchronized void drop(boolean dropMemory, boolean dropDisk) {
        memoryUsed = dropMemory ? 0 : memoryUsed;
        diskUsed = dropDisk ? 0 : diskUsed;
    }

    @Override
    public Warmed warm(String path, Progress progress) throws CairnException {
        if (!path.equals("/there")) {
            throw new CairnException(ExitCode.USAGE, "there is no " + path, "");
        }
        return new Warmed(3, 4_096);
    }

    @Override
    public synchronized Compression compression() {
        return compression;
    }

    @Override
    public synchronized void compress(Compression newCompression) {
        compression = newCompression;
    }

    @Override
    public synchronized Bandwidths bandwidths() {
        return bandwidths;
    }

    @Override
    public synchronized void limit(OptionalLong up, OptionalLong down) {
        bandwidths = new Bandwidths(up.orElse(bandwidths.up()), down.orElse(bandwidths.down()));
    }
}
