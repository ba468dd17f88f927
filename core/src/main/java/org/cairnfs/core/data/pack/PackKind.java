package org.cairnfs.core.data.pack;

import java.util.Optional;
import org.cairnfs.core.crypto.ObjectKind;

/** What the chunks of a pack are of; no pack holds both. The ids are those of {@link ObjectKind}. */
public enum PackKind {
    /** File contents. */
    DATA(ObjectKind.DATA_PACK),
    /** Checkpoints of the metadata. */
    META(ObjectKind.META_PACK);

    private final ObjectKind objectKind;

    PackKind(ObjectKind objectKind) {
        this.objectKind = objectKind;
    }

    /** The kind whose object kind has this id, if there is one. */
    public static Optional<PackKind> of(int objectKindId) {
        for (PackKind kind : values()) {
            if (kind.objectKind.id() == objectKindId) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** What it is sealed as. */
    public ObjectKind objectKind() {
        return objectKind;
    }
}
