package org.cairnfs.server.nfs.xdr;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Decodes XDR (RFC 4506) from one complete record.
 *
 * <p>Invariants: every length and count is checked against the caller's maximum <em>and</em> against the bytes that
 * remain before anything is allocated, so that a reader never allocates more than a small multiple of its input;
 * padding must be there and be zero; after an {@link XdrException} the position is undefined and the rest is
 * not to be read. Slices share the memory of the record: they are valid for as long as the record is (for an RPC
 * call: until its reply has been sent).
 *
 * <p>Not thread-safe; a reader belongs to one thread at a time.
 */
public final class XdrReader {
    private final ByteBuffer in;

    /**
     * Reads from the position of {@code record} to its limit; its position and limit themselves are left alone.
     *
     * @param record the bytes; the caller must not change them while they are read
     */
    public XdrReader(ByteBuffer record) {
        this.in = record.slice().order(ByteOrder.BIG_ENDIAN);
    }

    /** Bytes read so far. */
    public int position() {
        return in.position();
    }

    /** Bytes left to read. */
    public int remaining() {
        return in.remaining();
    }

    /**
     * The bytes from {@code from} to {@code to}, without copying; the position does not move. Serves to hash or
     * keep the arguments as they came.
     *
     * @param from first byte, as {@link #position()} counts
     * @param to one past the last byte, {@code from <= to <= position() + remaining()}
     * @throws IndexOutOfBoundsException when outside the record
     */
    public ByteBuffer slice(int from, int to) {
        return in.slice(from, to - from).asReadOnlyBuffer();
    }

    /** A signed 32-bit integer (RFC 4506 section 4.1); an enumeration (4.3) is read so as well. */
    public int readInt() throws XdrException {
        need(Integer.BYTES);
        return in.getInt();
    }

    /** An unsigned 32-bit integer (RFC 4506 section 4.2), 0 to 2^32-1. */
    public long readUnsignedInt() throws XdrException {
        return Integer.toUnsignedLong(readInt());
    }

    /** A 64-bit integer (RFC 4506 section 4.5); an unsigned one is returned as the same 64 bits. */
    public long readHyper() throws XdrException {
        need(Long.BYTES);
        return in.getLong();
    }

    /** A boolean (RFC 4506 section 4.4); anything but 0 and 1 is refused. */
    public boolean readBoolean() throws XdrException {
        int value = readInt();
        if (value != 0 && value != 1) {
            throw new XdrException("boolean is " + value);
        }
        return value == 1;
    }

    /** Whether optional data (RFC 4506 section 4.19) follows. */
    public boolean readOptional() throws XdrException {
        return readBoolean();
    }

    /**
     * The count of a variable-length array (RFC 4506 section 4.13), after which so many elements follow.
     *
     * @param max the largest count to accept
     * @param minElementBytes the fewest bytes that an element takes on the wire, at least 1; a count that cannot fit
     *     into what remains is refused here, so the caller may allocate by the count
     */
    public int readCount(int max, int minElementBytes) throws XdrException {
        if (minElementBytes < 1) {
            throw new IllegalArgumentException("minElementBytes " + minElementBytes);
        }
        long count = readUnsignedInt();
        if (count > max) {
            throw new XdrException("array of " + count + " elements, at most " + max + " allowed");
        }
        if (count * minElementBytes > in.remaining()) {
            throw new XdrException("array of " + count + " elements, but " + in.remaining() + " bytes remain");
        }
        return (int) count;
    }

    /** A variable-length array of 32-bit integers, such as a bitmap4; {@code max} elements at most. */
    public int[] readInts(int max) throws XdrException {
        int[] values = new int[readCount(max, Integer.BYTES)];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.getInt();
        }
        return values;
    }

    /** Fixed-length opaque data (RFC 4506 section 4.9), copied; {@code length} is 0 or more. */
    public byte[] readFixedOpaque(int length) throws XdrException {
        needPadded(length);
        byte[] bytes = new byte[length];
        in.get(bytes);
        skipPadding(length);
        return bytes;
    }

    /** Variable-length opaque data (RFC 4506 section 4.10), copied; {@code max} bytes at most. */
    public byte[] readOpaque(int max) throws XdrException {
        return readFixedOpaque(readLength(max));
    }

    /**
     * Variable-length opaque data (RFC 4506 section 4.10) as a read-only slice of the record: nothing is copied, and
     * the slice lives only as long as the record does.
     */
    public ByteBuffer readOpaqueSlice(int max) throws XdrException {
        int length = readLength(max);
        needPadded(length);
        ByteBuffer slice = in.slice(in.position(), length).asReadOnlyBuffer();
        in.position(in.position() + length);
        skipPadding(length);
        return slice;
    }

    /** Skips variable-length opaque data of {@code max} bytes at most. */
    public void skipOpaque(int max) throws XdrException {
        int length = readLength(max);
        needPadded(length);
        in.position(in.position() + length);
        skipPadding(length);
    }

    /** A string (RFC 4506 section 4.11) as the bytes it is made of, whatever they are; {@code max} bytes at most. */
    public byte[] readString(int max) throws XdrException {
        return readOpaque(max);
    }

    /** A string of at most {@code max} bytes which must be well-formed UTF-8. */
    public String readUtf8(int max) throws XdrException {
        ByteBuffer bytes = readOpaqueSlice(max);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new XdrException("string is not UTF-8: " + e.getMessage());
        }
    }

    private int readLength(int max) throws XdrException {
        long length = readUnsignedInt();
        if (length > max) {
            throw new XdrException("opaque of " + length + " bytes, at most " + max + " allowed");
        }
        return (int) length;
    }

    private void needPadded(int length) throws XdrException {
        need(length + (long) Padding.of(length));
    }

    private void need(long bytes) throws XdrException {
        if (bytes > in.remaining()) {
            throw new XdrException(bytes + " bytes expected, " + in.remaining() + " remain");
        }
    }

    private void skipPadding(int length) throws XdrException {
        for (int i = Padding.of(length); i > 0; i--) {
            if (in.get() != 0) {
                throw new XdrException("padding is not zero");
            }
        }
    }
}
