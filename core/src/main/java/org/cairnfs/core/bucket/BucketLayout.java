package org.cairnfs.core.bucket;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cairnfs.core.data.pack.PackName;

/**
 * The keys of all objects of a bucket. Numbers are 16 hexadecimal digits, so that the order of keys is that of numbers. Only
 * {@link #KEYS} and {@link #LEASE} are ever overwritten.
 */
public final class BucketLayout {
    /** What the file system is. */
    public static final String FORMAT = "format";

    /** Who can open it; not there without encryption. */
    public static final String KEYS = "keys";

    /** Who writes to it. */
    public static final String LEASE = "lease";

    /** What the keys of roots begin with. */
    public static final String ROOTS = "root/";

    /** What the keys of log segments begin with. */
    public static final String LOGS = "log/";

    /** What the keys of packs begin with. */
    public static final String PACKS = PackName.PREFIX;

    private static final Pattern ROOT_KEY = Pattern.compile("root/([0-9a-f]{16})");
    private static final Pattern LOG_KEY = Pattern.compile("log/([0-9a-f]{16})/([0-9a-f]{16})");

    private BucketLayout() {}

    /**
     * The key of a root.
     *
     * @param sequence of the root, 1 or more
     */
    public static String root(long sequence) {
        return ROOTS + digits(sequence);
    }

    /**
     * The key of a log segment.
     *
     * @param incarnation of the server that wrote it, 1 or more
     * @param number of the segment within it, 1 or more
     */
    public static String log(long incarnation, long number) {
        return logs(incarnation) + digits(number);
    }

    /** What the keys of all log segments of an incarnation begin with. */
    public static String logs(long incarnation) {
        return LOGS + digits(incarnation) + "/";
    }

    /** The sequence in the key of a root, if it is one. */
    public static OptionalLong rootSequence(String key) {
        return number(ROOT_KEY.matcher(key), 1);
    }

    /** The incarnation in the key of a log segment, if it is one. */
    public static OptionalLong logIncarnation(String key) {
        return number(LOG_KEY.matcher(key), 1);
    }

    /** The number in the key of a log segment, if it is one. */
    public static OptionalLong logNumber(String key) {
        return number(LOG_KEY.matcher(key), 2);
    }

    private static OptionalLong number(Matcher matcher, int group) {
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        long number = Long.parseUnsignedLong(matcher.group(group), 16);
        return number < 1 ? OptionalLong.empty() : OptionalLong.of(number);
    }

    private static String digits(long number) {
        if (number < 1) {
            throw new IllegalArgumentException("numbers in keys start at 1: " + number);
        }
        return String.format("%016x", number);
    }
}
