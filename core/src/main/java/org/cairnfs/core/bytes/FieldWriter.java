package org.cairnfs.core.bytes;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/** Writes the fields of a binary format in order, as {@link FieldReader} reads them; grows as needed. Not thread-safe. */
public final class FieldWriter {
    private ByteBuffer out = ByteBuffer.allocate(256);

    /** How many bytes were written so far. */
    public int size() {
        return out.position();
    }

    /** An unsigned integer of one byte. */
    public FieldWriter u8(int value) {
        room(1).put((byte) inRange(value, 0xff));
        return this;
    }

    /** An unsigned integer of two bytes. */
    public FieldWriter u16(int value) {
        room(2).putShort((short) inRange(value, 0xffff));
        return this;
    }

    /** An integer of four bytes, 0 or more. */
    public FieldWriter u32(int value) {
        room(4).putInt(inRange(value, Integer.MAX_VALUE));
        return this;
    }

    /** A signed integer of eight bytes. */
    public FieldWriter i64(long value) {
        room(8).putLong(value);
        return this;
    }

    /** Bytes as they are, without a length. */
    public FieldWriter bytes(byte[] bytes) {
        room(bytes.length).put(bytes);
        return this;
    }

    /** The length in bytes of UTF-8 in two bytes, and these. */
    public FieldWriter string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return u16(utf8.length).bytes(utf8);
    }

    /** A UUID in its 16 bytes. */
    public FieldWriter uuid(UUID uuid) {
        return i64(uuid.getMostSignificantBits()).i64(uuid.getLeastSignificantBits());
    }

    /** A copy of what was written. */
    public byte[] toBytes() {
        return Arrays.copyOf(out.array(), out.position());
    }

    /** Overwrites what was written with zeros, for formats that hold secrets. */
    public void wipe() {
        Arrays.fill(out.array(), (byte) 0);
    }

    private static int inRange(int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException("field value out of range: " + value);
        }
        return value;
    }

    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            byte[] old = out.array();
            int used = out.position();
            int size = Math.max(Math.addExact(used, bytes), (int) Math.min(2L * used, Integer.MAX_VALUE - 8));
            out = ByteBuffer.wrap(Arrays.copyOf(old, size)).position(used);
            Arrays.fill(old, (byte) 0); // it may hold secrets
        }
        return out;
    }
}
