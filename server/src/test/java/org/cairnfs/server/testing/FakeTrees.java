package org.cairnfs.server.testing;

import java.util.ArrayList;
import java.util.List;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.app.Trees;

/** Remembers what it is told to lock. */
final class FakeTrees implements Trees {
    private final List<Lock> locks = new ArrayList<>();
    private final List<Quota> quotas = new ArrayList<>();

    @Override
    public synchronized List<Lock> lock(List<String> paths, long untilMillis) throws CairnException {
        List<Lock> made = new ArrayList<>();
        for (String path : paths) {
            if (!path.startsWith("/there")) {
                throw new CairnException(ExitCode.USAGE, "there is no " + path, "");
            }
            made.add(new Lock(locks.size() + made.size() + 1L, path, untilMillis, LockState.LOCKING, 3));
        }
        locks.addAll(made);
        return made;
    }

    @Override
    public synchronized List<Lock> unlock(List<String> paths) throws CairnException {
        throw new CairnException(ExitCode.LOCKED, "locks of this file system are not taken away", "");
    }

    @Override
    public Removed remove(List<String> paths, boolean forever, boolean await, Progress progress) {
        return new Removed(await ? 1_234 : paths.size(), await ? 4_096 : 0, await);
    }

    @Override
    public Copied copy(String source, String target, Progress progress) throws CairnException {
        if (target.startsWith("/there")) {
            throw new CairnException(ExitCode.USAGE, target + " exists", "");
        }
        return new Copied(3, 4_096, true);
    }

    @Override
    public synchronized List<Lock> locks() {
        return List.copyOf(locks);
    }

    @Override
    public synchronized Quota setQuota(String path, Limits limits) {
        Quota quota = new Quota(path, limits, 4_096, 3, 0, true);
        quotas.add(quota);
        return quota;
    }

    @Override
    public synchronized void removeQuota(String path) throws CairnException {
        if (!quotas.removeIf(quota -> quota.path().equals(path))) {
            throw new CairnException(ExitCode.USAGE, path + " has no quota", "");
        }
    }

    @Override
    public List<Size> sizes(List<String> paths, boolean stored, Progress progress) {
        Stored of = stored ? new Stored(3, 3_000, 2_048, new Sharing(1_024, 512, 512)) : null;
        return paths.stream()
                .map(path -> new Size(path, 10_000, 7, !stored, of))
                .toList();
    }

    @Override
    public synchronized List<Quota> quotas() {
        return List.copyOf(quotas);
    }
}
