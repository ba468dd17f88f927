package org.cairnfs.core.volume;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.metadata.h2.Database;
import org.cairnfs.core.shipping.ShippedLog;

/**
 * What a server goes on from: the state that it left, or the bucket, if it left none or another server went on since.
 *
 * @param fromBucket whether the state has to be rebuilt
 * @param shipped what is in the bucket: as far back as a rebuild needs, if there has to be one
 */
record StartingPoint(boolean fromBucket, ShippedLog shipped) {
    /**
     * Looks for it; the lease is ours, so nobody adds to the bucket meanwhile. A state that another server left behind is parked.
     *
     * @param hasJournal whether there is a journal in the state directory
     * @throws VolumeException if there is nothing that could be gone on from without loss
     */
    static StartingPoint find(
            Bucket bucket,
            LocalState state,
            RememberedLink remembered,
            boolean hasJournal,
            UUID stateDirectory,
            Instant now)
            throws IOException, VolumeException {
        ShippedLog newest = ShippedLog.newest(bucket);
        remembered.check(bucket, newest.end());
        if (hasJournal) {
            Optional<UUID> writer = newest.newestWriter();
            if (writer.isEmpty() || writer.get().equals(stateDirectory)) {
                return new StartingPoint(false, newest);
            }
            state.park(now);
        } else if (Database.exists(state.metadata())) {
            throw new VolumeException(
                    VolumeException.Kind.DAMAGED,
                    "the journal is gone from the state directory " + state.directory() + ", and with it whatever was"
                            + " not uploaded yet; move the directory away to rebuild the file system from the bucket");
        }
        return new StartingPoint(true, newest.end().height() == 0 ? newest : restorable(bucket));
    }

    private static ShippedLog restorable(Bucket bucket) throws IOException, VolumeException {
        ShippedLog whole = ShippedLog.whole(bucket);
        if (!whole.isRestorable()) {
            throw new VolumeException(
                    VolumeException.Kind.STATE_MISMATCH,
                    bucket.store().describe() + " holds no complete checkpoint: the state directory of the server that"
                            + " used it last is needed; give it by --state");
        }
        return whole;
    }

    /**
     * An older copy of a state directory must not go on as if nothing had come after it, and a newer one must have all that the
     * bucket lacks.
     *
     * @param oldest first record that the journal has
     * @param last record that it has
     */
    void check(LocalState state, long oldest, long last) throws VolumeException {
        long inBucket = shipped.standing().sequence();
        if (last < inBucket) {
            throw new VolumeException(
                    VolumeException.Kind.STATE_MISMATCH,
                    "the state directory " + state.directory() + " is older than the bucket (journal record " + last
                            + ", bucket " + inBucket + "); move it away to rebuild it from the bucket");
        }
        if (oldest > inBucket + 1) {
            throw new VolumeException(
                    VolumeException.Kind.DAMAGED,
                    "the journal begins at record " + oldest + ", but the bucket has only those up to " + inBucket);
        }
    }
}
