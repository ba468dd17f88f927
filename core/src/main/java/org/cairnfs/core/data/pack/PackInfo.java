package org.cairnfs.core.data.pack;

import java.util.Objects;
import org.cairnfs.core.crypto.ObjectSeal;

/**
 * What must be known of a pack to read a chunk from it with one range GET.
 *
 * @param name of the pack, from which its object key follows
 * @param seal key generation and salt of the object
 */
public record PackInfo(PackName name, PackKind kind, ObjectSeal seal) {
    /** Checks that nothing is null. */
    public PackInfo {
        Objects.requireNonNull(name);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(seal);
    }

    /** The key of the object. */
    public String objectKey() {
        return name.objectKey();
    }
}
