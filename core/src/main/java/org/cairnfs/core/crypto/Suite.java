package org.cairnfs.core.crypto;

import java.util.Optional;

/** How the objects of a file system are sealed, all alike. The ids are part of the format. */
public enum Suite {
    /** Checksums only: whoever reads the bucket reads the files. */
    PLAIN(0),
    /** AES-256-GCM under keys derived by HKDF-SHA-256. */
    AES_256_GCM(1);

    private final int id;

    Suite(int id) {
        this.id = id;
    }

    /** The number in headers. */
    public int id() {
        return id;
    }

    /** The suite with this number, if there is one. */
    public static Optional<Suite> of(int id) {
        return switch (id) {
            case 0 -> Optional.of(PLAIN);
            case 1 -> Optional.of(AES_256_GCM);
            default -> Optional.empty();
        };
    }
}
