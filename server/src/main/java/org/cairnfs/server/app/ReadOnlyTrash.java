package org.cairnfs.server.app;

import java.util.Optional;
import org.cairnfs.server.CairnException;

/** The trash of a file system that is only read: its own server tells of it. */
final class ReadOnlyTrash implements VolumeTrash {
    @Override
    public Counts counts() throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public Counts list(String path, Sink sink) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public Restored restore(String path, Optional<String> to) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public Restored restore(long inode, Optional<String> to) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public long empty(String path, long removedBeforeMillis) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public void empty(long inode) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }
}
