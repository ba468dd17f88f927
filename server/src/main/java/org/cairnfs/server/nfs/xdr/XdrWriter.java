package org.cairnfs.server.nfs.xdr;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Encodes XDR (RFC 4506) into memory that grows as needed up to a limit; bulk data is taken by reference.
 *
 * <p>What is written is one logical stream of bytes, and positions count in it. Inside, encoded bytes lie in one array,
 * and payloads ({@link #writeOpaqueReference}) beside it, so {@link #buffers()} can give both to a gathering write
 * with no copy. A value written earlier can be set anew ({@link #setInt}), and the end be taken back
 * ({@link #truncate}), which is how counts, statuses and entries that turn out not to fit are dealt with.
 *
 * <p>Invariants: {@code position() <= limit()}; a write that would pass the limit throws and writes nothing.
 *
 * <p>Not thread-safe; a writer belongs to one thread at a time.
 */
public final class XdrWriter {
    private static final int INITIAL_BYTES = 256;
    private static final byte[] ZEROS = new byte[3];

    /** A payload that stands in the stream after the first {@code at} bytes of {@link #encoded}. */
    private record Payload(int at, ByteBuffer bytes) {
        int length() {
            return bytes.remaining();
        }
    }

    private final int limit;
    private final Deque<Payload> payloads = new ArrayDeque<>();
    private byte[] encoded;
    private int encodedLength;
    private int payloadLength;

    /** @param limit the most bytes that may be written in all, payloads included; 0 or more */
    public XdrWriter(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("limit " + limit);
        }
        this.limit = limit;
        this.encoded = new byte[Math.min(limit, INITIAL_BYTES)];
    }

    /** Bytes written so far, payloads included: where the next value goes. */
    public int position() {
        return encodedLength + payloadLength;
    }

    /** The most bytes that may be written in all. */
    public int limit() {
        return limit;
    }

    /** Bytes that may still be written. */
    public int remaining() {
        return limit - position();
    }

    /** A 32-bit integer, signed or unsigned, or an enumeration (RFC 4506 sections 4.1 to 4.3). */
    public XdrWriter writeInt(int value) throws XdrException {
        makeRoom(Integer.BYTES);
        putInt(encodedLength, value);
        encodedLength += Integer.BYTES;
        return this;
    }

    /**
     * An unsigned 32-bit integer (RFC 4506 section 4.2).
     *
     * @throws IllegalArgumentException outside of 0 to 2^32-1
     */
    public XdrWriter writeUnsignedInt(long value) throws XdrException {
        if (value < 0 || value > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("not an unsigned 32-bit integer: " + value);
        }
        return writeInt((int) value);
    }

    /** A 64-bit integer, signed or unsigned (RFC 4506 section 4.5). */
    public XdrWriter writeHyper(long value) throws XdrException {
        makeRoom(Long.BYTES);
        putInt(encodedLength, (int) (value >>> 32));
        putInt(encodedLength + Integer.BYTES, (int) value);
        encodedLength += Long.BYTES;
        return this;
    }

    /** A boolean (RFC 4506 section 4.4), or whether optional data (section 4.19) follows. */
    public XdrWriter writeBoolean(boolean value) throws XdrException {
        return writeInt(value ? 1 : 0);
    }

    /** A variable-length array of 32-bit integers (RFC 4506 section 4.13), such as a bitmap4. */
    public XdrWriter writeInts(int... values) throws XdrException {
        makeRoom(Integer.BYTES * (1L + values.length));
        writeInt(values.length);
        for (int value : values) {
            writeInt(value);
        }
        return this;
    }

    /** Fixed-length opaque data (RFC 4506 section 4.9), copied, with its padding. */
    public XdrWriter writeFixedOpaque(byte[] bytes) throws XdrException {
        int padding = Padding.of(bytes.length);
        makeRoom((long) bytes.length + padding);
        append(bytes, bytes.length);
        append(ZEROS, padding);
        return this;
    }

    /** Variable-length opaque data (RFC 4506 section 4.10) or a string (4.11), copied, with its padding. */
    public XdrWriter writeOpaque(byte[] bytes) throws XdrException {
        makeRoom(Integer.BYTES + (long) bytes.length + Padding.of(bytes.length));
        return writeInt(bytes.length).writeFixedOpaque(bytes);
    }

    /** A string (RFC 4506 section 4.11) in UTF-8. */
    public XdrWriter writeUtf8(String string) throws XdrException {
        return writeOpaque(string.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Variable-length opaque data (RFC 4506 section 4.10) by reference: the bytes from the buffer's position to its limit
     * are not copied, and must neither change nor be reused until they have been sent. The buffer's own position
     * is left alone.
     */
    public XdrWriter writeOpaqueReference(ByteBuffer bytes) throws XdrException {
        int length = bytes.remaining();
        int padding = Padding.of(length);
        if (Integer.BYTES + (long) length + padding > remaining()) {
            throw tooLong(Integer.BYTES + (long) length + padding);
        }
        writeInt(length);
        addPayload(bytes);
        makeRoom(padding);
        append(ZEROS, padding);
        return this;
    }

    /**
     * Variable-length opaque data (RFC 4506 section 4.10) that lies in several buffers, by reference and on the same terms as
     * {@link #writeOpaqueReference(ByteBuffer)}.
     */
    public XdrWriter writeOpaqueReference(List<ByteBuffer> pieces) throws XdrException {
        long length = 0;
        for (ByteBuffer piece : pieces) {
            length += piece.remaining();
        }
        if (Integer.BYTES + length > remaining()) {
            throw tooLong(Integer.BYTES + length);
        }
        int padding = Padding.of((int) length);
        if (Integer.BYTES + length + padding > remaining()) {
            throw tooLong(Integer.BYTES + length + padding);
        }
        writeInt((int) length);
        pieces.forEach(this::addPayload);
        makeRoom(padding);
        append(ZEROS, padding);
        return this;
    }

    /**
     * Bytes that are XDR already, such as a reply kept in a cache, by reference and on the same terms as {@link
     * #writeOpaqueReference}; neither a length nor padding is added.
     *
     * @throws IllegalArgumentException when the length is not a multiple of four
     */
    public XdrWriter writeEncodedReference(ByteBuffer bytes) throws XdrException {
        if (bytes.remaining() % 4 != 0) {
            throw new IllegalArgumentException("not whole XDR units: " + bytes.remaining() + " bytes");
        }
        if (bytes.remaining() > remaining()) {
            throw tooLong(bytes.remaining());
        }
        addPayload(bytes);
        return this;
    }

    /**
     * Sets anew an integer that was written earlier.
     *
     * @param position what {@link #position()} was before it was written
     * @throws IndexOutOfBoundsException when no four encoded bytes are there
     */
    public XdrWriter setInt(int position, int value) {
        int index = position;
        for (Payload payload : payloads) {
            if (payload.at() >= index + Integer.BYTES) {
                break;
            }
            index -= payload.length();
            if (index < payload.at()) {
                throw new IndexOutOfBoundsException("position " + position + " is in a payload");
            }
        }
        if (index < 0 || index + Integer.BYTES > encodedLength) {
            throw new IndexOutOfBoundsException("position " + position + " of " + position());
        }
        putInt(index, value);
        return this;
    }

    /**
     * Takes back everything from {@code position} on.
     *
     * @param position an earlier {@link #position()}
     * @throws IndexOutOfBoundsException when it is beyond the end or inside a payload
     */
    public XdrWriter truncate(int position) {
        if (position < 0 || position > position()) {
            throw new IndexOutOfBoundsException("position " + position + " of " + position());
        }
        while (!payloads.isEmpty()) {
            Payload last = payloads.getLast();
            int start = last.at() + payloadLength - last.length();
            if (position >= start + last.length()) {
                break;
            }
            if (position > start) {
                throw new IndexOutOfBoundsException("position " + position + " is in a payload");
            }
            payloads.removeLast();
            payloadLength -= last.length();
        }
        encodedLength = position - payloadLength;
        return this;
    }

    /**
     * What was written, in order, as buffers for a gathering write, ready to be read. They share memory with this
     * writer, which must not be written to while they are in use.
     */
    public List<ByteBuffer> buffers() {
        List<ByteBuffer> buffers = new ArrayList<>(2 * payloads.size() + 1);
        int from = 0;
        Iterator<Payload> next = payloads.iterator();
        while (next.hasNext()) {
            Payload payload = next.next();
            if (payload.at() > from) {
                buffers.add(ByteBuffer.wrap(encoded, from, payload.at() - from));
                from = payload.at();
            }
            buffers.add(payload.bytes().duplicate());
        }
        if (encodedLength > from) {
            buffers.add(ByteBuffer.wrap(encoded, from, encodedLength - from));
        }
        return buffers;
    }

    /** What was written, in one new array; copies everything. */
    public byte[] toByteArray() {
        ByteBuffer all = ByteBuffer.allocate(position());
        buffers().forEach(all::put);
        return all.array();
    }

    private void addPayload(ByteBuffer bytes) {
        if (bytes.hasRemaining()) {
            payloads.addLast(new Payload(encodedLength, bytes.asReadOnlyBuffer()));
            payloadLength += bytes.remaining();
        }
    }

    private void append(byte[] bytes, int length) {
        System.arraycopy(bytes, 0, encoded, encodedLength, length);
        encodedLength += length;
    }

    private void putInt(int index, int value) {
        encoded[index] = (byte) (value >>> 24);
        encoded[index + 1] = (byte) (value >>> 16);
        encoded[index + 2] = (byte) (value >>> 8);
        encoded[index + 3] = (byte) value;
    }

    /** Makes room for {@code bytes} more encoded bytes, doubling the array but never past the limit. */
    private void makeRoom(long bytes) throws XdrException {
        if (bytes > remaining()) {
            throw tooLong(bytes);
        }
        int needed = encodedLength + (int) bytes;
        if (needed > encoded.length) {
            encoded = Arrays.copyOf(encoded, (int) Math.min(limit, Math.max(needed, 2L * encoded.length)));
        }
    }

    private XdrException tooLong(long bytes) {
        return new XdrException(bytes + " bytes more than the " + position() + " written pass the limit of " + limit);
    }
}
