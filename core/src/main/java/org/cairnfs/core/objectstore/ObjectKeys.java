package org.cairnfs.core.objectstore;

/**
 * The syntax of object keys, narrow enough to be safe in every store, URL and file system (also those that ignore
 * case): 1 to 255 characters; segments of {@code [a-z0-9][a-z0-9._-]*} separated by single slashes.
 */
public final class ObjectKeys {
    /** The longest key, in characters, which are bytes too. */
    public static final int MAX_LENGTH = 255;

    private ObjectKeys() {}

    /**
     * Returns the key if it is one.
     *
     * @throws IllegalArgumentException if it breaks the syntax
     */
    public static String check(String key) {
        if (!isKey(key)) {
            throw new IllegalArgumentException("not an object key: \"" + key + "\"");
        }
        return key;
    }

    /** Whether it keeps the syntax. */
    public static boolean isKey(String key) {
        return !key.isEmpty() && !key.endsWith("/") && isBeginning(key);
    }

    /**
     * Returns the prefix if some key can begin with it (the empty one always can).
     *
     * @throws IllegalArgumentException if none can
     */
    public static String checkPrefix(String prefix) {
        if (!isBeginning(prefix)) {
            throw new IllegalArgumentException("no object key can begin with: \"" + prefix + "\"");
        }
        return prefix;
    }

    /** Checks what {@link ObjectStore#list} is asked for. */
    public static void checkList(String prefix, String after, int limit) {
        checkPrefix(prefix);
        checkPrefix(after);
        if (limit < 1 || limit > ObjectStore.MAX_LIST) {
            throw new IllegalArgumentException("limit of a list out of range: " + limit);
        }
    }

    private static boolean isBeginning(String text) {
        if (text.length() > MAX_LENGTH) {
            return false;
        }
        boolean segmentStarts = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            boolean inner = c == '.' || c == '_' || c == '-' || c == '/';
            if (!alphanumeric && (segmentStarts || !inner)) {
                return false;
            }
            segmentStarts = c == '/';
        }
        return true;
    }
}
