package org.cairnfs.server.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;

/**
 * How chunks are compressed, as users write it: {@code zstd-3}, {@code lz4}, {@code none}.
 *
 * @param level within the range of the algorithm; 0 for those that have no levels
 */
public record Compression(Algorithm algorithm, int level) {
    /** Used where nothing is said: a good ratio at a speed above that of most uplinks. */
    public static final Compression DEFAULT = new Compression(Algorithm.ZSTD, 3);

    /** What may stand before the level. */
    public enum Algorithm {
        ZSTD(1, 22, 3),
        LZMA(0, 9, 6),
        BZIP2(1, 9, 6),
        ZLIB(1, 9, 6),
        LZ4(0, 0, 0),
        NONE(0, 0, 0);

        private final int lowest;
        private final int highest;
        private final int usual;

        Algorithm(int lowest, int highest, int usual) {
            this.lowest = lowest;
            this.highest = highest;
            this.usual = usual;
        }

        boolean hasLevels() {
            return highest > 0;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Compression {
        if (level < algorithm.lowest || level > algorithm.highest) {
            throw new IllegalArgumentException(algorithm + " has no level " + level);
        }
    }

    /** Parses {@code NAME} or {@code NAME-LEVEL}. */
    public static Compression parse(String text) throws CairnException {
        int dash = text.indexOf('-');
        String name = dash < 0 ? text : text.substring(0, dash);
        for (Algorithm algorithm : Algorithm.values()) {
            if (algorithm.toString().equals(name.toLowerCase(Locale.ROOT))) {
                return new Compression(
                        algorithm, dash < 0 ? algorithm.usual : level(algorithm, text, text.substring(dash + 1)));
            }
        }
        String known =
                Arrays.stream(Algorithm.values()).map(Algorithm::toString).collect(Collectors.joining(", "));
        throw new CairnException(ExitCode.USAGE, "no compression '" + text + "'", "choose one of " + known);
    }

    private static int level(Algorithm algorithm, String text, String digits) throws CairnException {
        if (!algorithm.hasLevels()) {
            throw new CairnException(ExitCode.USAGE, "'" + text + "': " + algorithm + " has no levels", "");
        }
        if (!digits.matches("[0-9]{1,2}")
                || Integer.parseInt(digits) < algorithm.lowest
                || Integer.parseInt(digits) > algorithm.highest) {
            throw new CairnException(
                    ExitCode.USAGE,
                    "'" + text + "' is no level of " + algorithm,
                    "choose " + algorithm + "-" + algorithm.lowest + " to " + algorithm + "-" + algorithm.highest);
        }
        return Integer.parseInt(digits);
    }

    @Override
    public String toString() {
        return algorithm.hasLevels() ? algorithm + "-" + level : algorithm.toString();
    }
}
