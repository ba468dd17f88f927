package org.cairnfs.server.app;

import java.util.List;
import org.cairnfs.core.objectstore.StoreMetrics;
import org.cairnfs.core.objectstore.StoreMetrics.Verb;
import org.cairnfs.server.activity.OperationCounts;
import org.cairnfs.server.metrics.RpcMeters;

/**
 * The counters of a server at one moment, of which two make a {@link Sample}.
 *
 * @param at milliseconds since 1970
 * @param up bytes to the storage since the start; so down from it
 */
record Reading(
        long at,
        List<OperationCounts> operations,
        RpcMeters.Traffic traffic,
        long up,
        long down,
        long dirty,
        VolumeStatus.Cache cache) {
    static Reading of(
            long at,
            List<OperationCounts> operations,
            RpcMeters.Traffic traffic,
            StoreMetrics store,
            VolumeStatus volume) {
        return new Reading(
                at,
                operations,
                traffic,
                store.of(Verb.PUT).bytes(),
                store.of(Verb.GET).bytes(),
                volume.dirty().bytes(),
                volume.cache());
    }
}
