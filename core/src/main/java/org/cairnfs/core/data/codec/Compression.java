package org.cairnfs.core.data.codec;

import java.util.Locale;

/**
 * A way to compress and how hard to try, written {@code zstd-3}, {@code lzma-6}, {@code bzip2-6}, {@code zlib-6},
 * {@code lz4} or {@code none}. What it was is no part of what is stored: each chunk says itself how it was encoded.
 *
 * @param level within the bounds of the algorithm; 0 where that has no levels
 */
public record Compression(Algorithm algorithm, int level) {
    /** The default: zstd-3. */
    public static final Compression DEFAULT = new Compression(Algorithm.ZSTD, 3);

    /** Stores everything as it is. */
    public static final Compression NONE = new Compression(Algorithm.NONE, 0);

    /** The algorithms. The ids are part of the format. */
    public enum Algorithm {
        NONE(0, 0, 0, 0),
        ZSTD(1, 1, 22, 3),
        LZMA(2, 0, 9, 6),
        BZIP2(3, 1, 9, 6),
        ZLIB(4, 1, 9, 6),
        LZ4(5, 0, 0, 0);

        private final int id;
        private final int minLevel;
        private final int maxLevel;
        private final int defaultLevel;

        Algorithm(int id, int minLevel, int maxLevel, int defaultLevel) {
            this.id = id;
            this.minLevel = minLevel;
            this.maxLevel = maxLevel;
            this.defaultLevel = defaultLevel;
        }

        /** The number in an encoded chunk. */
        int id() {
            return id;
        }

        private String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Checks the level. */
    public Compression {
        if (level < algorithm.minLevel || level > algorithm.maxLevel) {
            throw new IllegalArgumentException("no level " + level + " of " + algorithm.label() + "; there are "
                    + algorithm.label() + "-" + algorithm.minLevel + " to " + algorithm.label() + "-"
                    + algorithm.maxLevel);
        }
    }

    /**
     * Reads what {@link #toString} writes; without a level, the algorithm's default.
     *
     * @throws IllegalArgumentException with a message for a person
     */
    public static Compression parse(String spec) {
        int hyphen = spec.indexOf('-');
        String name = hyphen < 0 ? spec : spec.substring(0, hyphen);
        for (Algorithm algorithm : Algorithm.values()) {
            if (algorithm.label().equals(name)) {
                return new Compression(algorithm, hyphen < 0 ? algorithm.defaultLevel : level(spec, hyphen, algorithm));
            }
        }
        throw new IllegalArgumentException("unknown compression \"" + spec
                + "\"; known are zstd-LEVEL, lzma-LEVEL, bzip2-LEVEL, zlib-LEVEL, lz4 and none");
    }

    private static int level(String spec, int hyphen, Algorithm algorithm) {
        if (algorithm.maxLevel == 0) {
            throw new IllegalArgumentException(algorithm.label() + " has no levels: \"" + spec + "\"");
        }
        try {
            return Integer.parseInt(spec.substring(hyphen + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the level is no number: \"" + spec + "\"", e);
        }
    }

    @Override
    public String toString() {
        return algorithm.maxLevel == 0 ? algorithm.label() : algorithm.label() + "-" + level;
    }
}
