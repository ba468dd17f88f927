package org.cairnfs.core.objectstore;

import java.util.Map;

/**
 * How much a store was used, at one moment. The verbs are counted one by one, so they may be of slightly different moments.
 *
 * @param verbs has every verb
 */
public record StoreMetrics(Map<Verb, Usage> verbs) {
    /** What can be asked of a store. */
    public enum Verb {
        PUT,
        GET,
        HEAD,
        LIST,
        DELETE
    }

    /**
     * The usage of one verb.
     *
     * @param requests that were made, those included that failed
     * @param failures that were not MISSING
     * @param bytes of bodies that were sent (PUT) or received (GET), of requests that succeeded
     * @param nanos that callers waited, in all
     */
    public record Usage(long requests, long failures, long bytes, long nanos) {}

    /** Copies the map. */
    public StoreMetrics {
        verbs = Map.copyOf(verbs);
    }

    /** The usage of a verb. */
    public Usage of(Verb verb) {
        return verbs.get(verb);
    }
}
