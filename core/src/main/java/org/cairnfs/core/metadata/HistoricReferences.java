package org.cairnfs.core.metadata;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.cairnfs.core.metadata.row.ExtentRow;

/**
 * What one mutation changes about which chunks the extents of history refer to; history itself changes only when the mutation is applied.
 * Used by the writer thread.
 */
final class HistoricReferences {
    private final Epochs epochs;
    private final Set<Long> kept = new HashSet<>();
    private final Map<Long, Integer> forgotten = new HashMap<>();

    HistoricReferences(Epochs epochs) {
        this.epochs = epochs;
    }

    /** How many images of a chunk's extents there are in history, up to a limit. */
    @FunctionalInterface
    interface Counter {
        int upTo(int limit);
    }

    /** An extent's image ends with this epoch. */
    void ends(ExtentRow image, long died) {
        if (epochs.keeps(image, died)) {
            kept.add(image.chunk());
        }
    }

    /** An image of an extent of this chunk goes from history. */
    void forgotten(long chunk) {
        forgotten.merge(chunk, 1, Integer::sum);
    }

    /** Whether history refers to a chunk after this mutation. */
    boolean refersTo(long chunk, Counter stored) {
        int going = forgotten.getOrDefault(chunk, 0);
        return kept.contains(chunk) || stored.upTo(going + 1) > going;
    }
}
