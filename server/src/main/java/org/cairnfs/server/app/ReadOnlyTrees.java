package org.cairnfs.server.app;

import java.util.List;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.Progress;

/** The trees of a file system that is only read: nothing is done with them. */
final class ReadOnlyTrees implements Trees {
    @Override
    public List<Lock> lock(List<String> paths, long untilMillis) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public List<Lock> unlock(List<String> paths) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public Removed remove(List<String> paths, boolean forever, boolean await, Progress progress) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public Copied copy(String source, String target, Progress progress) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public List<Lock> locks() throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public Quota setQuota(String path, Limits limits) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public void removeQuota(String path) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public List<Quota> quotas() throws CairnException {
        throw ReadOnlyVolume.refusal();
    }

    @Override
    public List<Size> sizes(List<String> paths, boolean stored, Progress progress) throws CairnException {
        throw ReadOnlyVolume.refusal();
    }
}
