package org.cairnfs.core.crypto;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Something a person can remember: its bytes as they are, which by custom are UTF-8. Not thread-safe. */
public final class Passphrase implements Secret {
    /** More than any person types and any key file of ours holds. */
    public static final int MAX_BYTES = 4096;

    private final byte[] bytes;

    private Passphrase(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("a passphrase has 1 to " + MAX_BYTES + " bytes");
        }
        this.bytes = bytes;
    }

    /** The passphrase of these bytes, which are copied. */
    public static Passphrase of(byte[] bytes) {
        return new Passphrase(bytes.clone());
    }

    /** The passphrase of these characters in UTF-8. */
    public static Passphrase of(char[] characters) {
        ByteBuffer utf8 = StandardCharsets.UTF_8.encode(CharBuffer.wrap(characters));
        byte[] bytes = new byte[utf8.remaining()];
        utf8.get(bytes).flip();
        utf8.put(new byte[bytes.length]);
        return new Passphrase(bytes);
    }

    byte[] bytes() {
        return bytes;
    }

    /** A copy of its bytes, for the caller to wipe. */
    public byte[] copyBytes() {
        return bytes.clone();
    }

    /** Another of the same bytes, which outlives this one. */
    public Passphrase copy() {
        return new Passphrase(bytes.clone());
    }

    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "Passphrase";
    }
}
