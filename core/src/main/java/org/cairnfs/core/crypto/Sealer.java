package org.cairnfs.core.crypto;

import java.nio.ByteBuffer;
import org.cairnfs.core.objectstore.CorruptObjectException;

/**
 * Seals objects of one file system and opens them again: the one place where plain and encrypted file systems differ.
 *
 * <p>A sealed object is a header and one or more frames (see {@link FrameCipher}). Whatever was changed in it, cut off,
 * appended, taken from another place, object, kind or file system is noticed and gives {@link CorruptObjectException};
 * nothing else is thrown for any bytes. Thread-safe.
 */
public interface Sealer {
    /** The largest frame that {@link #seal} makes and {@link #open} allocates for, in bytes of plaintext. */
    int WHOLE_FRAME = 1 << 20;

    /** How this one seals. */
    Suite suite();

    /** Starts a new object: a fresh salt under the newest key generation. */
    FrameCipher begin(ObjectKind kind, String objectKey);

    /**
     * Takes up an object whose header need not be read, as its seal is known from a trusted place.
     *
     * @throws CorruptObjectException if its key generation is not in the key ring
     */
    FrameCipher resume(ObjectKind kind, String objectKey, ObjectSeal seal) throws CorruptObjectException;

    /**
     * Takes up an object by its header, and checks the header.
     *
     * @param object at least its first {@link FrameCipher#HEADER_LENGTH} bytes, untrusted
     */
    FrameCipher resume(ObjectKind kind, String objectKey, byte[] object) throws CorruptObjectException;

    /** Seals a whole object. */
    default byte[] seal(ObjectKind kind, String objectKey, byte[] plain) {
        FrameCipher cipher = begin(kind, objectKey);
        int frames = Math.max(1, (plain.length + WHOLE_FRAME - 1) / WHOLE_FRAME);
        byte[] object = new byte
                [Math.addExact(FrameCipher.HEADER_LENGTH, Math.addExact(plain.length, frames * FrameCipher.OVERHEAD))];
        System.arraycopy(cipher.header(), 0, object, 0, FrameCipher.HEADER_LENGTH);
        int position = FrameCipher.HEADER_LENGTH;
        for (int frame = 0; frame < frames; frame++) {
            int from = frame * WHOLE_FRAME;
            int length = Math.min(WHOLE_FRAME, plain.length - from);
            position += cipher.seal(position, frame == frames - 1, plain, from, length, object, position);
        }
        return object;
    }

    /**
     * Opens a whole object, from its first byte to its last.
     *
     * @param object untrusted
     */
    default byte[] open(ObjectKind kind, String objectKey, byte[] object) throws CorruptObjectException {
        FrameCipher cipher = resume(kind, objectKey, object);
        ByteBuffer plain = ByteBuffer.allocate(object.length);
        int position = FrameCipher.HEADER_LENGTH;
        boolean last = false;
        while (!last) {
            last = cipher.isLast(object, position);
            int stored = cipher.storedLength(object, position);
            plain.put(cipher.open(position, last, object, position, stored));
            position += stored;
        }
        if (position != object.length) {
            throw new CorruptObjectException(
                    objectKey, position, (object.length - position) + " bytes after the last frame");
        }
        byte[] result = new byte[plain.position()];
        plain.flip().get(result);
        return result;
    }
}
