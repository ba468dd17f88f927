package org.cairnfs.core.objectstore.jclouds;

import java.util.List;
import java.util.Optional;
import org.cairnfs.core.objectstore.ObjectInfo;
import org.jclouds.io.Payload;

/**
 * One bucket of one provider, each method one request (but for what a provider wants more). Names are whole names in the
 * bucket. Failures are jclouds' own, unchecked; {@link StoreErrors} knows what they mean. Thread-safe.
 */
interface Blobs extends AutoCloseable {
    /**
     * One page of a list.
     *
     * @param marker of the next page, or null after the last
     */
    record Page(List<ObjectInfo> objects, String marker) {
        public Page {
            objects = List.copyOf(objects);
        }
    }

    /** Makes the bucket, if it is not there. */
    void create();

    /**
     * Reads a range.
     *
     * @param last the last byte of the range, included; the object may end before it
     * @return nothing if there is no such object
     */
    Optional<Payload> get(String name, long first, long last);

    /** Size and time, or nothing if there is no such object. */
    Optional<ObjectInfo> head(String name);

    /**
     * Lists names.
     *
     * @param marker where to go on, as the page before said, or null
     * @param max how many at most; there may be fewer though more follow
     */
    Page list(String prefix, String marker, int max);

    /** Whether markers are names, so that a list may start after any name. */
    boolean markersAreNames();

    void put(String name, BuffersPayload body);

    /** Whether the provider signs us in for a time only, so that the same credentials may help when it has passed. */
    boolean sessionsEnd();

    /** Whether the provider has conditional puts at all; whether this server honours them is found out by trying. */
    default boolean mayPutIfAbsent() {
        return false;
    }

    /**
     * Puts unless there is one; nobody asks for it where {@link #mayPutIfAbsent} says that there is no such thing.
     *
     * @return false if there is one
     */
    default boolean putIfAbsent(String name, BuffersPayload body) {
        throw new UnsupportedOperationException("no conditional put");
    }

    void delete(String name);

    @Override
    void close();
}
