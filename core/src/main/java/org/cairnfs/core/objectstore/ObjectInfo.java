package org.cairnfs.core.objectstore;

import java.time.Instant;
import java.util.Objects;

/**
 * What a store says of an object without sending it.
 *
 * @param size in bytes
 * @param lastModified by the store's clock, which need not agree with ours, in whatever precision it has
 */
public record ObjectInfo(String key, long size, Instant lastModified) {
    /** Checks that nothing is null. */
    public ObjectInfo {
        Objects.requireNonNull(key);
        Objects.requireNonNull(lastModified);
    }
}
