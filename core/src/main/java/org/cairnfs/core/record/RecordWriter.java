package org.cairnfs.core.record;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.cairnfs.core.fs.Bytes;

/**
 * Puts numbers and byte strings into a growing buffer, as {@link RecordReader} reads them. Used by one thread.
 *
 * <p>A <i>varint</i> is LEB128: 7 bits a byte, lowest first, high bit set on all but the last, at most 10 bytes; small
 * non-negative numbers are short. A <i>signed</i> one is zigzag-coded first. Fixed numbers are big-endian.
 */
public final class RecordWriter implements FieldWriter {
    private byte[] buffer;
    private int length;

    public RecordWriter() {
        this(256);
    }

    public RecordWriter(int capacity) {
        buffer = new byte[capacity];
    }

    @Override
    public RecordWriter putByte(int value) {
        room(1);
        buffer[length++] = (byte) value;
        return this;
    }

    @Override
    public RecordWriter putVarint(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            buffer[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        buffer[length++] = (byte) rest;
        return this;
    }

    @Override
    public RecordWriter putSigned(long value) {
        return putVarint((value << 1) ^ (value >> 63));
    }

    /** The difference, which may wrap, as a signed number. */
    @Override
    public RecordWriter putNear(long value, long other) {
        return putSigned(value - other);
    }

    /** 8 bytes. */
    @Override
    public RecordWriter putFixed64(long value) {
        room(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            buffer[length++] = (byte) (value >>> shift);
        }
        return this;
    }

    /** The length as a varint, then the bytes. */
    @Override
    public RecordWriter putBytes(byte[] bytes) {
        putVarint(bytes.length);
        room(bytes.length);
        System.arraycopy(bytes, 0, buffer, length, bytes.length);
        length += bytes.length;
        return this;
    }

    @Override
    public RecordWriter putBytes(Bytes bytes) {
        return putVarint(bytes.length()).putRaw(bytes);
    }

    /** 0 for null, else length + 1, then the bytes. */
    @Override
    public RecordWriter putNullable(Bytes bytes) {
        if (bytes == null) {
            return putByte(0);
        }
        return putVarint(bytes.length() + 1L).putRaw(bytes);
    }

    /** The bytes alone. */
    public RecordWriter putRaw(Bytes bytes) {
        room(bytes.length());
        bytes.asBuffer().get(buffer, length, bytes.length());
        length += bytes.length();
        return this;
    }

    public int length() {
        return length;
    }

    /** What was put so far, sharing this writer's memory: to be used before the next put. */
    public ByteBuffer toBuffer() {
        return ByteBuffer.wrap(buffer, 0, length).slice();
    }

    /** A copy of what was put so far. */
    public Bytes toBytes() {
        return Bytes.ofTrusted(Arrays.copyOf(buffer, length));
    }

    private void room(int bytes) {
        if (buffer.length - length < bytes) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, Math.addExact(length, bytes)));
        }
    }
}
