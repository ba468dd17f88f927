package org.cairnfs.core.crypto;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals pieces of one journal file with AES-256-GCM, under a key that only this file of this state directory has.
 *
 * <p>The 96-bit nonce is given by the caller and must never come twice for one file: the position in the file does, as
 * long as a file that was cut is never appended to again (what follows goes into a new file with a new salt).
 * Thread-safe.
 */
public final class JournalSealer {
    /** How many bytes longer a sealed piece is. */
    public static final int OVERHEAD = AesGcm.TAG_LENGTH;

    private static final String PURPOSE = "journal";
    private static final String FILE_CONTEXT = "cairn/1/journal-file";

    private final SecretKeySpec key;

    private JournalSealer(SecretKeySpec key) {
        this.key = key;
    }

    /**
     * The sealer of one file.
     *
     * @param stateDirectory the random id of the state directory
     * @param generation of the master key; the file's header must name it
     * @param fileSalt random, fresh for every file, and kept in the file's header
     * @throws IllegalArgumentException if the ring has no such generation
     */
    public static JournalSealer forFile(KeyRing keys, UUID stateDirectory, int generation, Salt fileSalt) {
        byte[] local = keys.localKey(PURPOSE, stateDirectory, generation);
        byte[] derived = Hkdf.derive(fileSalt.toBytes(), local, FILE_CONTEXT, AesGcm.KEY_LENGTH);
        try {
            return new JournalSealer(AesGcm.key(derived));
        } finally {
            Arrays.fill(local, (byte) 0);
            Arrays.fill(derived, (byte) 0);
        }
    }

    /**
     * Seals what remains of {@code source} into {@code target}, which must have {@link #OVERHEAD} bytes more.
     *
     * @param nonceHi the first 64 bits of the nonce
     * @param nonceLo the last 32 bits of the nonce
     * @param aad what is to be authenticated with it; read to its limit
     * @param target not overlapping the source
     */
    public void seal(long nonceHi, int nonceLo, ByteBuffer aad, ByteBuffer source, ByteBuffer target) {
        AesGcm.seal(key, nonce(nonceHi, nonceLo), aad, source, target);
    }

    /**
     * Checks what remains of {@code source} and decrypts it into {@code target}.
     *
     * @return false if key, nonce, associated data or bytes are not those that were sealed; the target's bytes mean nothing
     *     then
     */
    public boolean open(long nonceHi, int nonceLo, ByteBuffer aad, ByteBuffer source, ByteBuffer target) {
        try {
            AesGcm.open(key, nonce(nonceHi, nonceLo), aad, source, target);
            return true;
        } catch (AEADBadTagException e) {
            return false;
        }
    }

    private static byte[] nonce(long hi, int lo) {
        return ByteBuffer.allocate(AesGcm.NONCE_LENGTH).putLong(hi).putInt(lo).array();
    }
}
