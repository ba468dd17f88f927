package org.cairnfs.core.data.chunk;

import java.nio.ByteBuffer;

/**
 * The name of a chunk: 32 bytes that depend on its plaintext alone, so that equal chunks of one file system have equal
 * names. Ordered as its bytes are, unsigned. Immutable.
 */
public final class ChunkId implements Comparable<ChunkId> {
    /** The length in bytes. */
    public static final int LENGTH = 32;

    private final long a;
    private final long b;
    private final long c;
    private final long d;

    private ChunkId(long a, long b, long c, long d) {
        this.a = a;
        this.b = b;
        this.c = c;
        this.d = d;
    }

    /**
     * The id with these bytes.
     *
     * @throws IllegalArgumentException if they are not 32
     */
    public static ChunkId of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a chunk id has 32 bytes, not " + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new ChunkId(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }

    /** Its first eight bytes: for tables that check what they find. */
    public long prefix() {
        return a;
    }

    /** Its bytes. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(LENGTH)
                .putLong(a)
                .putLong(b)
                .putLong(c)
                .putLong(d)
                .array();
    }

    @Override
    public int compareTo(ChunkId other) {
        int order = Long.compareUnsigned(a, other.a);
        if (order == 0) {
            order = Long.compareUnsigned(b, other.b);
        }
        if (order == 0) {
            order = Long.compareUnsigned(c, other.c);
        }
        return order == 0 ? Long.compareUnsigned(d, other.d) : order;
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof ChunkId other && a == other.a && b == other.b && c == other.c && d == other.d;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(a); // the bytes are a hash already
    }

    /** Its bytes in hexadecimal. */
    @Override
    public String toString() {
        return String.format("%016x%016x%016x%016x", a, b, c, d);
    }
}
