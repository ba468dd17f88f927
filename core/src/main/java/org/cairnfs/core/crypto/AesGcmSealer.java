package org.cairnfs.core.crypto;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.SecretKeySpec;
import org.cairnfs.core.objectstore.CorruptObjectException;

/**
 * The sealer of encrypted file systems. Each object has an AES-256-GCM key of its own: HKDF of the subkey of its kind
 * and generation, salted with the object's salt. The second half of that output stands in the header and commits it to
 * the key, as GCM alone does not.
 */
public final class AesGcmSealer implements Sealer {
    private static final String OBJECT_CONTEXT = "cairn/1/object";

    private final KeyRing keys;
    private final SecureRandom random;

    /** @param keys not closed before the last use of this */
    public AesGcmSealer(KeyRing keys, SecureRandom random) {
        this.keys = keys;
        this.random = random;
    }

    @Override
    public Suite suite() {
        return Suite.AES_256_GCM;
    }

    @Override
    public FrameCipher begin(ObjectKind kind, String objectKey) {
        return frames(kind, objectKey, new ObjectSeal(keys.currentGeneration(), Salt.random(random)));
    }

    @Override
    public FrameCipher resume(ObjectKind kind, String objectKey, ObjectSeal seal) throws CorruptObjectException {
        if (!keys.has(seal.generation())) {
            throw new CorruptObjectException(
                    objectKey, 12, "sealed with key generation " + seal.generation() + ", which the key ring lacks");
        }
        return frames(kind, objectKey, seal);
    }

    @Override
    public FrameCipher resume(ObjectKind kind, String objectKey, byte[] object) throws CorruptObjectException {
        FrameCipher cipher = resume(kind, objectKey, SealHeader.parse(suite(), kind, objectKey, object));
        if (!MessageDigest.isEqual(cipher.header(), Arrays.copyOf(object, SealHeader.LENGTH))) {
            throw new CorruptObjectException(
                    objectKey, SealHeader.COMMITMENT_OFFSET, "header does not commit to our key (damaged or foreign)");
        }
        return cipher;
    }

    private FrameCipher frames(ObjectKind kind, String objectKey, ObjectSeal seal) {
        byte[] subkey = keys.subkey(kind.label(), seal.generation());
        byte[] derived = Hkdf.derive(seal.salt().toBytes(), subkey, OBJECT_CONTEXT, 2 * AesGcm.KEY_LENGTH);
        try {
            return new AesGcmFrames(keys.fileSystem(), kind, objectKey, seal, derived);
        } finally {
            Arrays.fill(subkey, (byte) 0);
            Arrays.fill(derived, (byte) 0);
        }
    }

    private static final class AesGcmFrames extends FrameCipher {
        private final SecretKeySpec key;

        AesGcmFrames(UUID fileSystem, ObjectKind kind, String objectKey, ObjectSeal seal, byte[] derived) {
            super(fileSystem, Suite.AES_256_GCM, kind, objectKey, seal);
            this.key = AesGcm.key(Arrays.copyOf(derived, AesGcm.KEY_LENGTH));
            commit(Arrays.copyOfRange(derived, AesGcm.KEY_LENGTH, derived.length));
        }

        @Override
        void sealBody(
                long position, byte[] aad, byte[] plain, int offset, int length, byte[] target, int targetOffset) {
            AesGcm.seal(key, nonce(position), aad, plain, offset, length, target, targetOffset);
        }

        @Override
        byte[] openBody(long position, byte[] aad, byte[] stored, int offset, int length)
                throws CorruptObjectException {
            try {
                return AesGcm.open(key, nonce(position), aad, stored, offset, length);
            } catch (AEADBadTagException e) {
                throw corrupt(position, "frame does not authenticate (damaged, moved or forged)");
            }
        }

        private static byte[] nonce(long position) {
            return ByteBuffer.allocate(AesGcm.NONCE_LENGTH).putLong(4, position).array();
        }
    }
}
