package org.cairnfs.server.load;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * What the load writes: pages that no compressor makes smaller, and no two of which are alike, told by file, page and how often it was written.
 * A page is the same noise with a key of its own over it, which costs a fraction of what random numbers would. Thread-safe.
 */
final class Pattern {
    static final int PAGE = 4096;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long seed;
    private final long[] noise = new long[PAGE / Long.BYTES];

    Pattern(long seed) {
        this.seed = seed;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = random.nextLong();
        }
    }

    private long key(long file, long page, int generation) {
        return new SplittableRandom(seed ^ file * 0x9E37_79B9_7F4A_7C15L ^ page << 20 ^ generation).nextLong();
    }

    /** Puts a page into an array. */
    void fill(byte[] into, int at, long file, long page, int generation) {
        long key = key(file, page, generation);
        for (int i = 0; i < noise.length; i++) {
            LONGS.set(into, at + i * Long.BYTES, noise[i] ^ key);
        }
    }

    /** Whole pages from one on, as they are first written. */
    byte[] pages(long file, long first, int count) {
        byte[] bytes = new byte[count * PAGE];
        for (int i = 0; i < count; i++) {
            fill(bytes, i * PAGE, file, first + i, 0);
        }
        return bytes;
    }

    /** Whether bytes are those of a page. */
    boolean is(ByteBuffer bytes, long file, long page, int generation) {
        byte[] expected = new byte[PAGE];
        fill(expected, 0, file, page, generation);
        return bytes.equals(ByteBuffer.wrap(expected));
    }
}
