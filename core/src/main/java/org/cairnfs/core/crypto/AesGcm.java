package org.cairnfs.core.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM with 96-bit nonces and 128-bit tags, by the JDK's provider.
 *
 * <p>Bulk data is given to {@link Cipher} in steps of {@value #STEP} bytes. The JDK's loop runs some forty times slower
 * until it is compiled, and it is compiled after so many calls, not after so many bytes: one call over a megabyte does
 * not get it there, some thousands of small ones do.
 *
 * <p>Thread-safe: every thread has a cipher of its own.
 */
final class AesGcm {
    static final int NONCE_LENGTH = 12;
    static final int TAG_LENGTH = 16;
    static final int KEY_LENGTH = 32;

    private static final int STEP = 4096;

    private static final ThreadLocal<Cipher> CIPHER = ThreadLocal.withInitial(() -> {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES/GCM/NoPadding", e);
        }
    });

    private AesGcm() {}

    /** A key as the cipher wants it; a copy of {@code key} is made. */
    static SecretKeySpec key(byte[] key) {
        if (key.length != KEY_LENGTH) {
            throw new IllegalArgumentException("an AES-256 key has 32 bytes, not " + key.length);
        }
        return new SecretKeySpec(key, "AES");
    }

    /**
     * Encrypts and authenticates.
     *
     * @param target gets {@code length} bytes of ciphertext and the tag, from {@code targetOffset}; not the source array
     */
    static void seal(
            SecretKeySpec key,
            byte[] nonce,
            byte[] aad,
            byte[] source,
            int offset,
            int length,
            byte[] target,
            int targetOffset) {
        try {
            Cipher cipher = init(Cipher.ENCRYPT_MODE, key, nonce);
            cipher.updateAAD(aad);
            int done = 0;
            int written = 0;
            for (; length - done > STEP; done += STEP) {
                written += cipher.update(source, offset + done, STEP, target, targetOffset + written);
            }
            cipher.doFinal(source, offset + done, length - done, target, targetOffset + written);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM failed to encrypt", e);
        }
    }

    /**
     * Checks and decrypts.
     *
     * @param length of ciphertext and tag together
     * @return the plaintext
     * @throws AEADBadTagException if key, nonce, associated data or ciphertext are not those of the encryption
     */
    static byte[] open(SecretKeySpec key, byte[] nonce, byte[] aad, byte[] source, int offset, int length)
            throws AEADBadTagException {
        if (length < TAG_LENGTH) {
            throw new AEADBadTagException("shorter than a tag");
        }
        try {
            Cipher cipher = init(Cipher.DECRYPT_MODE, key, nonce);
            cipher.updateAAD(aad);
            return cipher.doFinal(source, offset, length);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM failed to decrypt", e);
        }
    }

    /** As {@link #seal(SecretKeySpec, byte[], byte[], byte[], int, int, byte[], int)}, between buffers that do not overlap. */
    static void seal(SecretKeySpec key, byte[] nonce, ByteBuffer aad, ByteBuffer source, ByteBuffer target) {
        try {
            Cipher cipher = init(Cipher.ENCRYPT_MODE, key, nonce);
            cipher.updateAAD(aad);
            int end = source.limit();
            while (end - source.position() > STEP) {
                source.limit(source.position() + STEP);
                cipher.update(source, target);
            }
            source.limit(end);
            cipher.doFinal(source, target);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM failed to encrypt", e);
        }
    }

    /** As {@link #open(SecretKeySpec, byte[], byte[], byte[], int, int)}, between buffers that do not overlap. */
    static void open(SecretKeySpec key, byte[] nonce, ByteBuffer aad, ByteBuffer source, ByteBuffer target)
            throws AEADBadTagException {
        if (source.remaining() < TAG_LENGTH) {
            throw new AEADBadTagException("shorter than a tag");
        }
        try {
            Cipher cipher = init(Cipher.DECRYPT_MODE, key, nonce);
            cipher.updateAAD(aad);
            cipher.doFinal(source, target);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM failed to decrypt", e);
        }
    }

    private static Cipher init(int mode, SecretKeySpec key, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = CIPHER.get();
        cipher.init(mode, key, new GCMParameterSpec(TAG_LENGTH * 8, nonce));
        return cipher;
    }
}
