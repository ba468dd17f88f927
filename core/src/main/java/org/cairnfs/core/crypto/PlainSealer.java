package org.cairnfs.core.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;
import org.cairnfs.core.objectstore.CorruptObjectException;

/**
 * The sealer of file systems without encryption: the same layout, with nothing hidden. Tags are the first 16 bytes of
 * SHA-256 over associated data and payload, and the commitment is SHA-256 over the associated data at position 0: damage
 * and mistakes are noticed, forgery is not.
 */
public final class PlainSealer implements Sealer {
    private final UUID fileSystem;
    private final SecureRandom random;

    public PlainSealer(UUID fileSystem, SecureRandom random) {
        this.fileSystem = fileSystem;
        this.random = random;
    }

    @Override
    public Suite suite() {
        return Suite.PLAIN;
    }

    @Override
    public FrameCipher begin(ObjectKind kind, String objectKey) {
        return new PlainFrames(fileSystem, kind, objectKey, new ObjectSeal(0, Salt.random(random)));
    }

    @Override
    public FrameCipher resume(ObjectKind kind, String objectKey, ObjectSeal seal) throws CorruptObjectException {
        if (seal.generation() != 0) {
            throw new CorruptObjectException(
                    objectKey, 12, "names a key generation in a file system without encryption");
        }
        return new PlainFrames(fileSystem, kind, objectKey, seal);
    }

    @Override
    public FrameCipher resume(ObjectKind kind, String objectKey, byte[] object) throws CorruptObjectException {
        FrameCipher cipher = resume(kind, objectKey, SealHeader.parse(suite(), kind, objectKey, object));
        if (!MessageDigest.isEqual(cipher.header(), Arrays.copyOf(object, SealHeader.LENGTH))) {
            throw new CorruptObjectException(objectKey, SealHeader.COMMITMENT_OFFSET, "header has a wrong checksum");
        }
        return cipher;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    private static final class PlainFrames extends FrameCipher {
        PlainFrames(UUID fileSystem, ObjectKind kind, String objectKey, ObjectSeal seal) {
            super(fileSystem, Suite.PLAIN, kind, objectKey, seal);
            commit(sha256().digest(associatedData()));
        }

        @Override
        void sealBody(
                long position, byte[] aad, byte[] plain, int offset, int length, byte[] target, int targetOffset) {
            System.arraycopy(plain, offset, target, targetOffset, length);
            System.arraycopy(tag(aad, plain, offset, length), 0, target, targetOffset + length, TAG_LENGTH);
        }

        @Override
        byte[] openBody(long position, byte[] aad, byte[] stored, int offset, int length)
                throws CorruptObjectException {
            int plain = length - TAG_LENGTH;
            byte[] found = Arrays.copyOfRange(stored, offset + plain, offset + length);
            if (!MessageDigest.isEqual(found, tag(aad, stored, offset, plain))) {
                throw corrupt(position, "frame has a wrong checksum (damaged or moved)");
            }
            return Arrays.copyOfRange(stored, offset, offset + plain);
        }

        private static byte[] tag(byte[] aad, byte[] payload, int offset, int length) {
            MessageDigest digest = sha256();
            digest.update(aad);
            digest.update(payload, offset, length);
            return Arrays.copyOf(digest.digest(), TAG_LENGTH);
        }
    }
}
