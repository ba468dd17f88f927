package org.cairnfs.core.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.cairnfs.core.objectstore.CorruptObjectException;

/**
 * The first 80 bytes of every sealed object, in clear.
 *
 * <pre>
 *  0   8  magic "CAIRNOBJ"
 *  8   1  format version, 1
 *  9   1  suite: 0 plain, 1 AES-256-GCM with HKDF-SHA-256
 * 10   1  kind of the object ({@link ObjectKind#id})
 * 11   1  zero
 * 12   4  generation of the master key; zero without encryption
 * 16  32  random salt
 * 48  32  commitment to the object's key; a checksum of what is before without encryption
 * </pre>
 */
final class SealHeader {
    static final int LENGTH = 80;
    static final int COMMITMENT_OFFSET = 48;

    private static final byte[] MAGIC = "CAIRNOBJ".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;

    private SealHeader() {}

    /** The part before the commitment. */
    static byte[] start(Suite suite, ObjectKind kind, ObjectSeal seal) {
        ByteBuffer start = ByteBuffer.allocate(COMMITMENT_OFFSET)
                .put(MAGIC)
                .put((byte) VERSION)
                .put((byte) suite.id())
                .put((byte) kind.id())
                .put((byte) 0)
                .putInt(seal.generation());
        seal.salt().writeTo(start);
        return start.array();
    }

    /**
     * Reads generation and salt, and checks everything else but the commitment.
     *
     * @param object at least the header of an object, untrusted
     */
    static ObjectSeal parse(Suite suite, ObjectKind kind, String key, byte[] object) throws CorruptObjectException {
        if (object.length < LENGTH) {
            throw new CorruptObjectException(key, object.length, "too short for the header of a sealed object");
        }
        ByteBuffer in = ByteBuffer.wrap(object);
        byte[] magic = new byte[MAGIC.length];
        in.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new CorruptObjectException(key, 0, "not a sealed object of Cairn (wrong magic)");
        }
        expect(key, 8, "format version", VERSION, in.get());
        expect(key, 9, "suite", suite.id(), in.get());
        expect(key, 10, "kind", kind.id(), in.get());
        expect(key, 11, "reserved byte", 0, in.get());
        int generation = in.getInt();
        if (generation < 0) {
            throw new CorruptObjectException(key, 12, "key generation out of range");
        }
        byte[] salt = new byte[Salt.LENGTH];
        in.get(salt);
        return new ObjectSeal(generation, Salt.of(salt));
    }

    private static void expect(String key, int offset, String what, int expected, byte found)
            throws CorruptObjectException {
        if ((found & 0xff) != expected) {
            throw new CorruptObjectException(
                    key, offset, what + " is " + (found & 0xff) + " where " + expected + " should be");
        }
    }
}
