package org.cairnfs.core.crypto;

import java.util.Objects;

/**
 * What must be known of an object, beside its key and kind, to open a frame of it without reading its header: the
 * metadata keeps it in the row of each pack, so that reading a chunk takes one range GET.
 *
 * @param generation of the master key, 1 or more; 0 in a file system without encryption
 * @param salt of the object
 */
public record ObjectSeal(int generation, Salt salt) {
    /** Checks the range of the generation. */
    public ObjectSeal {
        if (generation < 0) {
            throw new IllegalArgumentException("key generation " + generation);
        }
        Objects.requireNonNull(salt);
    }
}
