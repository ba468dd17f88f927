package org.cairnfs.core.record;

import java.nio.ByteBuffer;
import org.cairnfs.core.fs.Bytes;

/**
 * Reads what {@link RecordWriter} wrote, from bytes that may be anything: every length is checked against what is there
 * before memory is taken for it. Used by one thread.
 */
public final class RecordReader implements FieldReader {
    private final ByteBuffer in;

    /** Reads from the buffer's position to its limit; the position moves. */
    public RecordReader(ByteBuffer in) {
        this.in = in;
    }

    public int remaining() {
        return in.remaining();
    }

    @Override
    public int readByte() throws RecordFormatException {
        need(1);
        return in.get() & 0xff;
    }

    @Override
    public long readVarint() throws RecordFormatException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = readByte();
            if (shift == 63 && next > 1) {
                break;
            }
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new RecordFormatException("a number of over 64 bits");
    }

    @Override
    public long readSigned() throws RecordFormatException {
        long value = readVarint();
        return (value >>> 1) ^ -(value & 1);
    }

    @Override
    public long readFixed64() throws RecordFormatException {
        need(8);
        return in.getLong();
    }

    /** How many elements follow, each of at least one byte. */
    public int readCount() throws RecordFormatException {
        int count = readInt();
        need(count);
        return count;
    }

    @Override
    public long readNear(long other) throws RecordFormatException {
        return other + readSigned();
    }

    @Override
    public Bytes readBytes() throws RecordFormatException {
        return Bytes.ofTrusted(take(readInt()));
    }

    /** Bytes or null, as {@link RecordWriter#putNullable} wrote them. */
    @Override
    public Bytes readNullable() throws RecordFormatException {
        int length = readInt();
        return length == 0 ? null : Bytes.ofTrusted(take(length - 1));
    }

    /** So many bytes. */
    byte[] take(int length) throws RecordFormatException {
        need(length);
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private void need(int bytes) throws RecordFormatException {
        if (in.remaining() < bytes) {
            throw new RecordFormatException("ends early: " + bytes + " bytes wanted, " + in.remaining() + " there");
        }
    }
}
