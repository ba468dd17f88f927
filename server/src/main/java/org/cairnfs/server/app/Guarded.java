package org.cairnfs.server.app;

import java.util.List;
import org.cairnfs.server.CairnException;

/**
 * What is kept of a file system and what bounds it, in short.
 *
 * @param snapshots how many there are
 * @param newestSnapshot when the newest was taken, milliseconds since 1970; 0 for none
 * @param nextSnapshot when the schedule takes the next one, likewise; 0 if it takes none
 * @param locks immutable trees
 * @param trash what was removed and is kept
 * @param tight quotas that are nearly used up, or exceed a soft limit
 */
public record Guarded(
        long snapshots,
        long newestSnapshot,
        long nextSnapshot,
        long locks,
        VolumeTrash.Counts trash,
        List<Trees.Quota> tight) {
    /** Of a file system that is only read, whose own server tells. */
    public static final Guarded NONE = new Guarded(0, 0, 0, 0, new VolumeTrash.Counts(0, 0), List.of());

    /** Of each limit, the last tenth is told of when it is begun. */
    private static final double NEAR = 0.9;

    static Guarded of(Volume volume) throws CairnException {
        List<VolumeSnapshots.Info> snapshots = volume.snapshots().list();
        return new Guarded(
                snapshots.size(),
                snapshots.stream()
                        .mapToLong(VolumeSnapshots.Info::createdMillis)
                        .max()
                        .orElse(0),
                volume.snapshots().nextMillis(),
                volume.trees().locks().size(),
                volume.trash().counts(),
                volume.trees().quotas().stream().filter(Guarded::isTight).toList());
    }

    private static boolean isTight(Trees.Quota quota) {
        Trees.Limits limits = quota.limits();
        return quota.exceededSinceMillis() != 0
                || isNear(quota.usedBytes(), limits.bytes())
                || isNear(quota.usedInodes(), limits.inodes());
    }

    private static boolean isNear(long used, long limit) {
        return limit != 0 && used >= limit * NEAR;
    }
}
