package org.cairnfs.server.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A passphrase in memory, as UTF-8 bytes; wiped when closed, never printed.
 *
 * <p>Owned by whoever made it; those that it is handed to copy what they keep.
 */
public final class Secret implements AutoCloseable {
    /** More than any person types and any key file of ours holds. */
    public static final int MAX_BYTES = 4096;

    private final byte[] bytes;

    private Secret(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("a secret has 1 to " + MAX_BYTES + " bytes");
        }
        this.bytes = bytes;
    }

    /** Copies the bytes. */
    public static Secret of(byte[] bytes) {
        return new Secret(bytes.clone());
    }

    /** Encodes the characters as UTF-8; the caller wipes the array. */
    public static Secret of(char[] characters) {
        ByteBuffer encoded = ByteBuffer.allocate(Math.multiplyExact(characters.length, 4));
        StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .encode(CharBuffer.wrap(characters), encoded, true);
        byte[] bytes = Arrays.copyOf(encoded.array(), encoded.position());
        Arrays.fill(encoded.array(), (byte) 0);
        return new Secret(bytes);
    }

    /** A copy, for the caller to wipe. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "Secret";
    }
}
