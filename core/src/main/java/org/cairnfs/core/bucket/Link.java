package org.cairnfs.core.bucket;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A link of the chain that runs through roots and log segments: 32 bytes that depend on every object of the chain up to one
 * of them. Whoever remembers a link notices when the bucket is rolled back behind it. No secret. Immutable.
 */
public final class Link {
    /** The length in bytes. */
    public static final int LENGTH = 32;

    /** What the chain begins with: zeros. */
    public static final Link START = new Link(new byte[LENGTH]);

    private final byte[] bytes;

    private Link(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The link with these bytes, which are copied.
     *
     * @throws IllegalArgumentException if they are not 32
     */
    public static Link of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a link has 32 bytes, not " + bytes.length);
        }
        return new Link(bytes.clone());
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException if it is no link
     */
    public static Link parse(String text) {
        return of(HexFormat.of().parseHex(text.trim()));
    }

    /** A copy of its bytes. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof Link other && MessageDigest.isEqual(bytes, other.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** 64 hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
