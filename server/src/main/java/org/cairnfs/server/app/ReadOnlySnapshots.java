package org.cairnfs.server.app;

import java.util.List;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.Progress;

/** The snapshots of a file system that is only read: they are seen in {@code .snapshots}, and the server that writes to it manages them. */
final class ReadOnlySnapshots implements VolumeSnapshots {
    @Override
    public Counts diff(String from, String to, String path, Changes changes) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public RolledBack rollback(String name, String path, Progress progress) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public List<Info> list() throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public long nextMillis() throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public Info create(String name) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public Info delete(String name) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public Info rename(String name, String to) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public Info hold(String name) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public Info release(String name) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public List<Info> expire(boolean dryRun) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }
}
