package org.cairnfs.core.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with HMAC-SHA-256 (RFC 5869). Thread-safe. */
public final class Hkdf {
    static final int HASH_LENGTH = 32;

    private static final String HMAC = "HmacSHA256";

    private Hkdf() {}

    /**
     * Extracts and expands (RFC 5869, section 2).
     *
     * @param salt empty stands for 32 zeros
     * @param info names purpose and place, so that no two uses of the same input give the same output
     * @param length of the output in bytes, 1 to 255 * 32
     */
    public static byte[] derive(byte[] salt, byte[] inputKey, byte[] info, int length) {
        byte[] extracted = extract(salt, inputKey);
        try {
            return expand(extracted, info, length);
        } finally {
            Arrays.fill(extracted, (byte) 0);
        }
    }

    /** As {@link #derive(byte[], byte[], byte[], int)}, with the name of a purpose before the rest of the info. */
    static byte[] derive(byte[] salt, byte[] inputKey, String context, byte[] info, int length) {
        byte[] name = context.getBytes(StandardCharsets.US_ASCII);
        byte[] whole = ByteBuffer.allocate(name.length + info.length)
                .put(name)
                .put(info)
                .array();
        return derive(salt, inputKey, whole, length);
    }

    /** As {@link #derive(byte[], byte[], String, byte[], int)}, with nothing but the context as info. */
    static byte[] derive(byte[] salt, byte[] inputKey, String context, int length) {
        return derive(salt, inputKey, context, new byte[0], length);
    }

    /** HKDF-Extract (RFC 5869, section 2.2); an empty salt stands for 32 zeros. */
    static byte[] extract(byte[] salt, byte[] inputKey) {
        return mac(salt.length == 0 ? new byte[HASH_LENGTH] : salt).doFinal(inputKey);
    }

    /** HKDF-Expand (RFC 5869, section 2.3). */
    static byte[] expand(byte[] pseudoRandomKey, byte[] info, int length) {
        if (length < 1 || length > 255 * HASH_LENGTH) {
            throw new IllegalArgumentException("length of derived key: " + length);
        }
        Mac mac = mac(pseudoRandomKey);
        byte[] output = new byte[length];
        byte[] block = new byte[0];
        for (int done = 0, counter = 1; done < length; counter++) {
            mac.update(block);
            mac.update(info);
            mac.update((byte) counter);
            block = mac.doFinal();
            int take = Math.min(HASH_LENGTH, length - done);
            System.arraycopy(block, 0, output, done, take);
            done += take;
        }
        Arrays.fill(block, (byte) 0);
        return output;
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + HMAC, e);
        }
    }
}
