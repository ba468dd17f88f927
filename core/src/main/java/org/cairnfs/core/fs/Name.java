package org.cairnfs.core.fs;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One component of a path: 1 to 255 raw bytes without NUL and slash, neither {@code .} nor {@code ..}. Or the name of an extended attribute, with its
 * prefix, which may have a slash. Compared byte by byte (unsigned), never decoded.
 */
public final class Name implements Comparable<Name> {
    /** The longest name, in bytes. */
    public static final int MAX_BYTES = 255;

    private final byte[] bytes;

    private Name(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The name with these bytes, which are copied.
     *
     * @throws FsException ENAMETOOLONG if over 255 bytes; EINVAL if empty, {@code .}, {@code ..}, or with a NUL or slash
     */
    public static Name of(byte[] bytes) throws FsException {
        requireNotTooLong(bytes);
        if (bytes.length == 0 || bytes[0] == '.' && (bytes.length == 1 || bytes.length == 2 && bytes[1] == '.')) {
            throw new FsException(Errno.EINVAL, "an empty name, . or ..");
        }
        for (byte b : bytes) {
            if (b == 0 || b == '/') {
                throw new FsException(Errno.EINVAL, "a name with a NUL or a slash");
            }
        }
        return new Name(bytes.clone());
    }

    /**
     * The name of an extended attribute with these bytes, which are copied.
     *
     * @throws FsException ENAMETOOLONG if over 255 bytes; EINVAL if empty or with a NUL
     */
    public static Name ofAttribute(byte[] bytes) throws FsException {
        requireNotTooLong(bytes);
        if (bytes.length == 0) {
            throw new FsException(Errno.EINVAL, "an empty name");
        }
        for (byte b : bytes) {
            if (b == 0) {
                throw new FsException(Errno.EINVAL, "a name with a NUL");
            }
        }
        return new Name(bytes.clone());
    }

    private static void requireNotTooLong(byte[] bytes) throws FsException {
        if (bytes.length > MAX_BYTES) {
            throw new FsException(Errno.ENAMETOOLONG, "a name of " + bytes.length + " bytes");
        }
    }

    /** The name of a string's UTF-8 bytes; see {@link #of(byte[])}. */
    public static Name of(String name) throws FsException {
        return of(name.getBytes(StandardCharsets.UTF_8));
    }

    /** A name from bytes that were checked before they were stored; not copied. */
    public static Name ofTrusted(byte[] bytes) {
        return new Name(bytes);
    }

    /** The bytes; the caller must not change them. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return bytes.length;
    }

    @Override
    public int compareTo(Name other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Name that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** For messages: the bytes as UTF-8, undecodable ones replaced, control characters as {@code ?}. */
    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8).replaceAll("\\p{Cc}", "?");
    }
}
