package org.cairnfs.core.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;

/**
 * Reads what {@link RecordWriter} wrote, from bytes that may be anything: every length is checked against what is there
 * before memory is taken for it. Used by one thread.
 */
public final class RecordReader {
    private final ByteBuffer in;

    /** Reads from the buffer's position to its limit; the position moves. */
    public RecordReader(ByteBuffer in) {
        this.in = in;
    }

    public int remaining() {
        return in.remaining();
    }

    /** 0 to 255. */
    public int readByte() throws RecordFormatException {
        need(1);
        return in.get() & 0xff;
    }

    /** A byte that is 0 or 1. */
    public boolean readFlag() throws RecordFormatException {
        int value = readByte();
        if (value > 1) {
            throw new RecordFormatException("a flag of " + value);
        }
        return value == 1;
    }

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

    public long readSigned() throws RecordFormatException {
        long value = readVarint();
        return (value >>> 1) ^ -(value & 1);
    }

    /** A varint that is the bits of an int, unsigned. */
    public int readUnsignedInt() throws RecordFormatException {
        long value = readVarint();
        if (value >>> 32 != 0) {
            throw new RecordFormatException("a number of over 32 bits");
        }
        return (int) value;
    }

    /** A varint from 0 to {@code Integer.MAX_VALUE}. */
    public int readInt() throws RecordFormatException {
        int value = readUnsignedInt();
        if (value < 0) {
            throw new RecordFormatException("a number of over 31 bits");
        }
        return value;
    }

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

    public Bytes readBytes() throws RecordFormatException {
        return Bytes.ofTrusted(take(readInt()));
    }

    /** Bytes or null, as {@link RecordWriter#putNullable} wrote them. */
    public Bytes readNullable() throws RecordFormatException {
        int length = readInt();
        return length == 0 ? null : Bytes.ofTrusted(take(length - 1));
    }

    public Name readName() throws RecordFormatException {
        int length = readInt();
        if (length > Name.MAX_BYTES) {
            throw new RecordFormatException("a name of " + length + " bytes");
        }
        try {
            return Name.of(take(length));
        } catch (FsException e) {
            throw new RecordFormatException("no name", e);
        }
    }

    public String readString() throws RecordFormatException {
        return new String(take(readInt()), StandardCharsets.UTF_8);
    }

    private byte[] take(int length) throws RecordFormatException {
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
