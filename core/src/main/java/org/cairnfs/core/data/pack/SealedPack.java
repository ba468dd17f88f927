package org.cairnfs.core.data.pack;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A finished pack, ready to be put.
 *
 * @param body the whole object, from position to limit; a view of the writer's memory, valid until that begins another pack
 * @param entries its chunks, in the order of their offsets
 */
public record SealedPack(PackInfo info, ByteBuffer body, List<PackEntry> entries) {
    /** Copies the list. */
    public SealedPack {
        entries = List.copyOf(entries);
    }
}
