package org.cairnfs.core.data.chunk;

/**
 * How long chunks may be, in bytes. Fixed when a file system is made, as other sizes would cut known contents elsewhere.
 *
 * @param min 256 or more; only the end of the contents may be shorter
 * @param average a power of two, at least twice {@code min}
 * @param max at least twice {@code average}, at most {@link #LARGEST}
 */
public record ChunkSizes(int min, int average, int max) {
    /** The longest chunk of any file system: 16 MiB. */
    public static final int LARGEST = 16 << 20;

    /** 64 KiB, 256 KiB, 1 MiB. */
    public static final ChunkSizes DEFAULT = ofAverage(256 << 10);

    /** Checks the bounds. */
    public ChunkSizes {
        if (!isAllowed(min, average, max)) {
            throw new IllegalArgumentException("chunk sizes out of bounds: " + min + "/" + average + "/" + max);
        }
    }

    /** A quarter of the average, the average, and four times the average. */
    public static ChunkSizes ofAverage(int average) {
        return new ChunkSizes(average / 4, average, Math.multiplyExact(average, 4));
    }

    /** Whether a file system may have these. */
    public static boolean isAllowed(int min, int average, int max) {
        return min >= 256
                && average / 2 >= min
                && Integer.bitCount(average) == 1
                && max / 2 >= average
                && max <= LARGEST;
    }
}
