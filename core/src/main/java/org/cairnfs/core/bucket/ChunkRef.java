package org.cairnfs.core.bucket;

import java.util.Objects;
import org.cairnfs.core.data.pack.PackEntry;
import org.cairnfs.core.data.pack.PackInfo;

/**
 * All that is needed to fetch a chunk, from nothing but the bucket and its keys.
 *
 * @param pack that it lies in
 * @param entry where in it
 */
public record ChunkRef(PackInfo pack, PackEntry entry) {
    /** Checks that nothing is null. */
    public ChunkRef {
        Objects.requireNonNull(pack);
        Objects.requireNonNull(entry);
    }
}
