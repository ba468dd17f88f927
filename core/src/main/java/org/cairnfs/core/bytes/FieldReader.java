package org.cairnfs.core.bytes;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * Reads the fields of a binary format from untrusted bytes, in order.
 *
 * <p>Invariant: nothing is allocated before it is known that as many bytes are there, and nothing but
 * {@link MalformedException} is thrown for whatever bytes. Integers are big-endian. Not thread-safe.
 */
public final class FieldReader {
    private final ByteBuffer in;
    private final String what;

    /** @param what the name of the format, for messages */
    public FieldReader(String what, byte[] bytes) {
        this(what, bytes, 0, bytes.length);
    }

    /** Reads from a part of an array, which must lie within it. */
    public FieldReader(String what, byte[] bytes, int offset, int length) {
        this.what = what;
        this.in = ByteBuffer.wrap(bytes, offset, length).slice();
    }

    /** How many bytes were read so far. */
    public int position() {
        return in.position();
    }

    /** How many bytes are left. */
    public int remaining() {
        return in.remaining();
    }

    /** An unsigned integer of one byte. */
    public int u8() throws MalformedException {
        need(1);
        return in.get() & 0xff;
    }

    /** An unsigned integer of two bytes. */
    public int u16() throws MalformedException {
        need(2);
        return in.getShort() & 0xffff;
    }

    /** An unsigned integer of four bytes that must lie between the bounds, both included. */
    public int u32(int min, int max) throws MalformedException {
        need(4);
        long value = in.getInt() & 0xffff_ffffL;
        if (value < min || value > max) {
            throw malformed("value " + value + " is not between " + min + " and " + max);
        }
        return (int) value;
    }

    /** A signed integer of eight bytes. */
    public long i64() throws MalformedException {
        need(8);
        return in.getLong();
    }

    /** An integer of eight bytes that must be at least {@code min}, as a signed number. */
    public long i64(long min) throws MalformedException {
        long value = i64();
        if (value < min) {
            throw malformed("value " + value + " is less than " + min);
        }
        return value;
    }

    /** The next {@code length} bytes. */
    public byte[] bytes(int length) throws MalformedException {
        need(length);
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    /** A string: its length in bytes of UTF-8 in two bytes, and these. */
    public String string(int maxBytes) throws MalformedException {
        int length = u16();
        if (length > maxBytes) {
            throw malformed("string of " + length + " bytes, at most " + maxBytes + " are allowed");
        }
        byte[] utf8 = bytes(length);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed("string is not UTF-8");
        }
    }

    /** A UUID in its 16 bytes. */
    public UUID uuid() throws MalformedException {
        return new UUID(i64(), i64());
    }

    /** The number of entries that follow, in four bytes; each of them takes at least {@code minEntryBytes}. */
    public int count(int minEntryBytes) throws MalformedException {
        int count = u32(0, Integer.MAX_VALUE);
        if ((long) count * minEntryBytes > in.remaining()) {
            throw malformed(count + " entries cannot be in the " + in.remaining() + " bytes that are left");
        }
        return count;
    }

    /** Checks that the next bytes are these. */
    public void expect(byte[] magic) throws MalformedException {
        byte[] found = bytes(magic.length);
        if (!Arrays.equals(found, magic)) {
            throw malformed("wrong magic");
        }
    }

    /** Checks that nothing is left. */
    public void expectEnd() throws MalformedException {
        if (in.hasRemaining()) {
            throw malformed(in.remaining() + " bytes too many");
        }
    }

    /** An exception that says where reading stands. */
    public MalformedException malformed(String problem) {
        return new MalformedException(what + ": " + problem + " (before byte " + in.position() + ")");
    }

    private void need(int length) throws MalformedException {
        if (length > in.remaining()) {
            throw malformed("ends too early");
        }
    }
}
