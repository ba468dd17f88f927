package org.cairnfs.core.data.chunk;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Names chunks by their plaintext: HMAC-SHA-256 under a key of the file system, so that nobody without it can tell whether
 * it holds some known data, or SHA-256 in a file system without encryption. Thread-safe.
 */
public abstract sealed class ChunkIdHasher {
    ChunkIdHasher() {}

    /** Names chunks by HMAC-SHA-256. */
    public static ChunkIdHasher keyed(byte[] key) {
        return new Keyed(new SecretKeySpec(key, Keyed.ALGORITHM));
    }

    /** Names chunks by SHA-256. */
    public static ChunkIdHasher plain() {
        return new Plain();
    }

    /** The id of the chunk that these bytes are. */
    public abstract ChunkId hash(byte[] bytes, int offset, int length);

    private static final class Keyed extends ChunkIdHasher {
        static final String ALGORITHM = "HmacSHA256";

        private final Mac prototype;

        Keyed(SecretKeySpec key) {
            try {
                prototype = Mac.getInstance(ALGORITHM);
                prototype.init(key);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this Java has no " + ALGORITHM, e);
            }
        }

        @Override
        public ChunkId hash(byte[] bytes, int offset, int length) {
            try {
                Mac mac = (Mac) prototype.clone(); // keyed already, and of no other thread
                mac.update(bytes, offset, length);
                return ChunkId.of(mac.doFinal());
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException("this Java cannot clone " + ALGORITHM, e);
            }
        }
    }

    private static final class Plain extends ChunkIdHasher {
        @Override
        public ChunkId hash(byte[] bytes, int offset, int length) {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                digest.update(bytes, offset, length);
                return ChunkId.of(digest.digest());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java has no SHA-256", e);
            }
        }
    }
}
