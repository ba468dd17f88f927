package org.cairnfs.core.metadata.h2;

import java.util.Optional;
import org.cairnfs.core.metadata.row.RowKey;

/**
 * A place among the images of history, in the order of their ends and then of their keys.
 *
 * @param died the epoch with which an image ended
 * @param key of that image; empty: the place is behind all that ended with that epoch
 */
public record HistoryPlace(long died, Optional<RowKey> key) {
    /** Behind all that ended with an epoch, or before. */
    public static HistoryPlace after(long died) {
        return new HistoryPlace(died, Optional.empty());
    }
}
