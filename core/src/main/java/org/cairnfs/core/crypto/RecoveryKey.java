package org.cairnfs.core.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;

/**
 * 256 random bits that a person prints and puts away; they need no Argon2, as nobody guesses them.
 *
 * <p>On paper: the 32 bytes and the first 3 of their SHA-256, in Crockford's base 32, which has no I, L, O and U: 14 groups
 * of 4 characters with hyphens between. Reading takes any case, any spaces and hyphens, O for 0 and I or L for 1; a
 * mistyped character is noticed. Not thread-safe.
 */
public final class RecoveryKey implements Secret {
    private static final int LENGTH = 32;
    private static final int CHECK_LENGTH = 3;
    private static final int CHARACTERS = (LENGTH + CHECK_LENGTH) * 8 / 5;
    private static final int GROUP = 4;
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private final byte[] bytes;

    private RecoveryKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A fresh one. */
    public static RecoveryKey generate(SecureRandom random) {
        byte[] bytes = new byte[LENGTH];
        random.nextBytes(bytes);
        return new RecoveryKey(bytes);
    }

    /**
     * Reads a printed key.
     *
     * @throws IllegalArgumentException if it is none, with a message for a person that does not repeat it
     */
    public static RecoveryKey parse(String printed) {
        byte[] all = new byte[LENGTH + CHECK_LENGTH];
        int characters = 0;
        long pending = 0;
        int bits = 0;
        int filled = 0;
        for (char c : printed.toUpperCase(Locale.ROOT).toCharArray()) {
            if (c == '-' || Character.isWhitespace(c)) {
                continue;
            }
            int value = ALPHABET.indexOf(c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c);
            if (value < 0 || ++characters > CHARACTERS) {
                throw notOne();
            }
            pending = (pending << 5) | value;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                all[filled++] = (byte) (pending >>> bits);
            }
        }
        byte[] bytes = Arrays.copyOf(all, LENGTH);
        if (characters != CHARACTERS
                || !MessageDigest.isEqual(check(bytes), Arrays.copyOfRange(all, LENGTH, all.length))) {
            throw notOne();
        }
        Arrays.fill(all, (byte) 0);
        return new RecoveryKey(bytes);
    }

    /** The key as it is printed. Whoever sees it can open the file system. */
    public String print() {
        byte[] all = Arrays.copyOf(bytes, LENGTH + CHECK_LENGTH);
        System.arraycopy(check(bytes), 0, all, LENGTH, CHECK_LENGTH);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < CHARACTERS; i++) {
            if (i > 0 && i % GROUP == 0) {
                out.append('-');
            }
            int value = 0;
            for (int bit = i * 5; bit < i * 5 + 5; bit++) {
                value = (value << 1) | ((all[bit / 8] >> (7 - bit % 8)) & 1);
            }
            out.append(ALPHABET.charAt(value));
        }
        Arrays.fill(all, (byte) 0);
        return out.toString();
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "RecoveryKey";
    }

    private static byte[] check(byte[] bytes) {
        try {
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(bytes), CHECK_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    private static IllegalArgumentException notOne() {
        return new IllegalArgumentException(
                "this is no recovery key: 56 letters and digits are expected, and at least one is wrong");
    }
}
