package org.cairnfs.core.bucket;

import java.util.Objects;
import org.cairnfs.core.crypto.Argon2Cost;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.codec.Compression;

/**
 * What may be chosen when a file system is made.
 *
 * @param label what a person calls it; may be empty; 255 bytes of UTF-8 at most
 * @param compression of new chunks, by default
 * @param passphraseCost of the slots for passphrases
 */
public record BucketOptions(String label, ChunkSizes chunkSizes, Compression compression, Argon2Cost passphraseCost) {
    /** No label, and the defaults. */
    public static final BucketOptions DEFAULT =
            new BucketOptions("", ChunkSizes.DEFAULT, Compression.DEFAULT, Argon2Cost.DEFAULT);

    /** Checks that nothing is null. */
    public BucketOptions {
        Objects.requireNonNull(label);
        Objects.requireNonNull(chunkSizes);
        Objects.requireNonNull(compression);
        Objects.requireNonNull(passphraseCost);
    }
}
