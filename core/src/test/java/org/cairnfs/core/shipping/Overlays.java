package org.cairnfs.core.shipping;

import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;
import org.cairnfs.core.bucket.Bucket;

/** Looks what the newest barrier of a bucket says beside the records. */
public final class Overlays {
    private Overlays() {}

    /** Its sequence. */
    public static long sequence(Bucket bucket) throws IOException {
        return ShippedLog.newest(bucket).standing().sequence();
    }

    /** What kinds of items there are, by their names. */
    public static Set<String> kinds(Bucket bucket) throws IOException {
        return ShippedLog.newest(bucket).overlay().stream()
                .map(item -> item.getClass().getSimpleName())
                .collect(Collectors.toSet());
    }

    /** How many extents, in chunks that were stored for it. */
    public static long extents(Bucket bucket) throws IOException {
        return ShippedLog.newest(bucket).overlay().stream()
                .filter(item -> item instanceof LogItem.OverlayExtent)
                .count();
    }
}
