package org.cairnfs.core.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.cairnfs.core.objectstore.CorruptObjectException;

/**
 * Seals and opens the frames of one object.
 *
 * <p>A frame is four bytes of head (the top bit says that it is the object's last, the others are the length of its
 * plaintext), as many bytes of ciphertext, and a tag of 16 bytes. It may be opened alone. Its position, the offset of its
 * head in the object, is its nonce; frames do not overlap, so no nonce comes twice under the object's key.
 *
 * <p>The tag also covers, as associated data, in this order: the header up to the commitment (format version, suite,
 * kind, key generation, salt), the id of the file system, the position, the head of the frame, and the key of the object
 * in ASCII.
 *
 * <p>Immutable and thread-safe; but each position of an object may be sealed once only.
 */
public abstract class FrameCipher {
    /** The length of the header, which is also the position of the first frame. */
    public static final int HEADER_LENGTH = SealHeader.LENGTH;

    /** How many bytes longer a frame is than its plaintext. */
    public static final int OVERHEAD = 20;

    /** The longest plaintext of a frame, in bytes. */
    public static final int MAX_PLAIN = 1 << 28;

    static final int TAG_LENGTH = 16;

    private static final int HEAD_LENGTH = 4;
    private static final int LAST = 1 << 31;
    private static final int AAD_POSITION = SealHeader.COMMITMENT_OFFSET + 16;

    private final String objectKey;
    private final ObjectSeal seal;
    private final byte[] aadTemplate;
    private final byte[] header;

    FrameCipher(UUID fileSystem, Suite suite, ObjectKind kind, String objectKey, ObjectSeal seal) {
        this.objectKey = objectKey;
        this.seal = seal;
        byte[] start = SealHeader.start(suite, kind, seal);
        byte[] key = objectKey.getBytes(StandardCharsets.US_ASCII);
        this.aadTemplate = ByteBuffer.allocate(AAD_POSITION + Long.BYTES + HEAD_LENGTH + key.length)
                .put(start)
                .putLong(fileSystem.getMostSignificantBits())
                .putLong(fileSystem.getLeastSignificantBits())
                .putLong(0)
                .putInt(0)
                .put(key)
                .array();
        this.header = Arrays.copyOf(start, HEADER_LENGTH);
    }

    /** Sets the commitment; called once, by the constructor of the subclass. */
    final void commit(byte[] commitment) {
        System.arraycopy(commitment, 0, header, SealHeader.COMMITMENT_OFFSET, Salt.LENGTH);
    }

    /** Generation and salt: what {@link Sealer#resume(ObjectKind, String, ObjectSeal)} needs later. */
    public final ObjectSeal seal() {
        return seal;
    }

    /** The object's header, {@value SealHeader#LENGTH} bytes. */
    public final byte[] header() {
        return header.clone();
    }

    /** The associated data of everything in this object that does not depend on a position. */
    final byte[] associatedData() {
        return aadTemplate.clone();
    }

    /**
     * Seals one frame.
     *
     * @param position the offset that the frame will have in the object, at least {@link #HEADER_LENGTH}
     * @param last whether it is the object's last
     * @param plain not the same array as {@code target}
     * @param target gets the frame from {@code targetOffset}
     * @return the length of the frame: {@code length} + {@link #OVERHEAD}
     */
    public final int seal(
            long position, boolean last, byte[] plain, int offset, int length, byte[] target, int targetOffset) {
        if (length > MAX_PLAIN || position < HEADER_LENGTH) {
            throw new IllegalArgumentException("frame of " + length + " bytes at " + position);
        }
        int head = length | (last ? LAST : 0);
        ByteBuffer.wrap(target).putInt(targetOffset, head);
        sealBody(position, aad(position, head), plain, offset, length, target, targetOffset + HEAD_LENGTH);
        return length + OVERHEAD;
    }

    /**
     * Opens one frame.
     *
     * @param position the offset of the frame in the object
     * @param last whether it must be the object's last, or must not
     * @param stored holds the frame, untrusted, from {@code offset} on and {@code length} bytes long
     * @return its plaintext
     */
    public final byte[] open(long position, boolean last, byte[] stored, int offset, int length)
            throws CorruptObjectException {
        if (length < OVERHEAD || length > MAX_PLAIN + OVERHEAD || position < HEADER_LENGTH) {
            throw corrupt(position, "no frame can be " + length + " bytes long here");
        }
        int expected = (length - OVERHEAD) | (last ? LAST : 0);
        int head = ByteBuffer.wrap(stored).getInt(offset);
        if (head != expected) {
            throw corrupt(position, "head of the frame does not say what it should (damaged, truncated or moved)");
        }
        return openBody(position, aad(position, head), stored, offset + HEAD_LENGTH, length - HEAD_LENGTH);
    }

    /** The length of the frame whose head is at {@code position} of {@code object}; checked to lie within the object. */
    public final int storedLength(byte[] object, int position) throws CorruptObjectException {
        int plain = head(object, position) & ~LAST;
        if (plain > object.length - position - OVERHEAD) {
            throw corrupt(position, "frame reaches beyond the end of the object (damaged or truncated)");
        }
        return plain + OVERHEAD;
    }

    /** Whether the frame whose head is at {@code position} of {@code object} says that it is the last. */
    public final boolean isLast(byte[] object, int position) throws CorruptObjectException {
        return (head(object, position) & LAST) != 0;
    }

    abstract void sealBody(
            long position, byte[] aad, byte[] plain, int offset, int length, byte[] target, int targetOffset);

    /** @param length of ciphertext and tag, at least that of the tag */
    abstract byte[] openBody(long position, byte[] aad, byte[] stored, int offset, int length)
            throws CorruptObjectException;

    final CorruptObjectException corrupt(long position, String what) {
        return new CorruptObjectException(objectKey, position, what);
    }

    private int head(byte[] object, int position) throws CorruptObjectException {
        if (position < HEADER_LENGTH || position > object.length - OVERHEAD) {
            throw corrupt(position, "ends where a frame should be (truncated)");
        }
        return ByteBuffer.wrap(object).getInt(position);
    }

    private byte[] aad(long position, int head) {
        byte[] aad = aadTemplate.clone();
        ByteBuffer.wrap(aad).putLong(AAD_POSITION, position).putInt(AAD_POSITION + Long.BYTES, head);
        return aad;
    }
}
