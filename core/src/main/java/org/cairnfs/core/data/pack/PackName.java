package org.cairnfs.core.data.pack;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The random name of a pack, 128 bits, which says nothing of what is in it.
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
public record PackName(long high, long low) {
    /** What the keys of all packs begin with. */
    public static final String PREFIX = "pack/";

    /** The length in bytes. */
    public static final int LENGTH = 16;

    private static final Pattern KEY = Pattern.compile("pack/([0-9a-f]{16})([0-9a-f]{16})");

    /** A fresh one. */
    public static PackName random(SecureRandom random) {
        return new PackName(random.nextLong(), random.nextLong());
    }

    /**
     * The name with these bytes.
     *
     * @throws IllegalArgumentException if they are not 16
     */
    public static PackName of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a pack name has 16 bytes, not " + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new PackName(in.getLong(), in.getLong());
    }

    /** The name in the key of a pack, if it is one. */
    public static Optional<PackName> ofKey(String objectKey) {
        var match = KEY.matcher(objectKey);
        return match.matches()
                ? Optional.of(new PackName(
                        Long.parseUnsignedLong(match.group(1), 16), Long.parseUnsignedLong(match.group(2), 16)))
                : Optional.empty();
    }

    /** Its bytes. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(LENGTH).putLong(high).putLong(low).array();
    }

    /** The key of the object: {@code pack/} and 32 hexadecimal digits. */
    public String objectKey() {
        return PREFIX + this;
    }

    /** 32 hexadecimal digits. */
    @Override
    public String toString() {
        return String.format("%016x%016x", high, low);
    }
}
