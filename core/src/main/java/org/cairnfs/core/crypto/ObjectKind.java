package org.cairnfs.core.crypto;

import java.util.Optional;

/**
 * What a sealed object is. Each kind has subkeys of its own, so that an object of one kind never opens as another. The
 * ids and labels are part of the format and never change.
 */
public enum ObjectKind {
    /** Chunks of file contents. */
    DATA_PACK(1, "data-pack"),
    /** Chunks of checkpoints, the dumps of the metadata. */
    META_PACK(2, "meta-pack"),
    /** The list of a checkpoint's chunks. */
    ROOT(3, "root"),
    /** A segment of the shipped metadata log. */
    LOG(4, "log"),
    /** Who holds the bucket. */
    LEASE(5, "lease"),
    /** What the file system is: parameters fixed at its creation. */
    FORMAT(6, "format");

    private final int id;
    private final String label;

    ObjectKind(int id, String label) {
        this.id = id;
        this.label = label;
    }

    /** The number in headers, 1 to 255. */
    public int id() {
        return id;
    }

    /** The name in key derivation. */
    String label() {
        return label;
    }

    /** The kind with this number, if there is one. */
    public static Optional<ObjectKind> of(int id) {
        for (ObjectKind kind : values()) {
            if (kind.id == id) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
