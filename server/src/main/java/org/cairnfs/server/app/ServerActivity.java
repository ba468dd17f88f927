package org.cairnfs.server.app;

import java.util.List;
import org.cairnfs.core.objectstore.StoreMetrics;
import org.cairnfs.server.activity.OperationCounts;
import org.cairnfs.server.metrics.RpcMeters;

/**
 * What a server has done since it started, and how it is: two of them tell what it did between.
 *
 * @param atMillis when this was taken, milliseconds since 1970
 * @param store requests to the object store, by their verbs
 */
public record ServerActivity(
        long atMillis,
        List<OperationCounts> operations,
        RpcMeters.Traffic traffic,
        List<StoreUse> store,
        ServerStatus status) {

    /**
     * Requests of one verb.
     *
     * @param bytes of bodies
     * @param nanos that callers waited
     */
    public record StoreUse(String verb, long requests, long failures, long bytes, long nanos) {
        static List<StoreUse> of(StoreMetrics metrics) {
            return List.of(StoreMetrics.Verb.values()).stream()
                    .map(verb -> {
                        StoreMetrics.Usage usage = metrics.of(verb);
                        return new StoreUse(
                                verb.name(), usage.requests(), usage.failures(), usage.bytes(), usage.nanos());
                    })
                    .toList();
        }
    }
}
