package org.cairnfs.core.bucket;

import java.util.Objects;

/**
 * Where the chain ends at a moment.
 *
 * @param height of the newest object; 0 before the first
 * @param link of it
 * @param objectKey of it; empty before the first
 */
public record ChainEnd(long height, Link link, String objectKey) {
    /** Before the first object. */
    public static final ChainEnd START = new ChainEnd(0, Link.START, "");

    /** Checks that nothing is null. */
    public ChainEnd {
        Objects.requireNonNull(link);
        Objects.requireNonNull(objectKey);
    }
}
