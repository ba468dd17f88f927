package org.cairnfs.server.exports;

/**
 * Matches names against patterns of {@code *}, {@code ?} and {@code [set]} in time linear in pattern times name: names come
 * from a DNS that others control, so no backtracking without bound.
 */
final class Glob {
    private Glob() {}

    /** Whether brackets are closed, so that {@link #matches} has a meaning. */
    static boolean isValid(String glob) {
        for (int i = 0; i < glob.length(); i++) {
            if (glob.charAt(i) == '[') {
                int end = glob.indexOf(']', i + 2);
                if (end < 0) {
                    return false;
                }
                i = end;
            }
        }
        return true;
    }

    /** Remembers the last star only: what lies before it matched, and an earlier choice cannot help. */
    static boolean matches(String glob, String name) {
        int g = 0;
        int n = 0;
        int afterStar = -1;
        int starTook = 0;
        while (n < name.length()) {
            int next = g < glob.length() && glob.charAt(g) != '*' ? step(glob, g, name.charAt(n)) : -1;
            if (next >= 0) {
                g = next;
                n++;
            } else if (g < glob.length() && glob.charAt(g) == '*') {
                afterStar = ++g;
                starTook = n;
            } else if (afterStar >= 0) {
                g = afterStar;
                n = ++starTook;
            } else {
                return false;
            }
        }
        while (g < glob.length() && glob.charAt(g) == '*') {
            g++;
        }
        return g == glob.length();
    }

    /** The position after the element at {@code g} if it matches the character, else -1. */
    private static int step(String glob, int g, char character) {
        return switch (glob.charAt(g)) {
            case '?' -> g + 1;
            case '[' -> {
                int end = glob.indexOf(']', g + 2);
                yield inSet(glob.substring(g + 1, end), character) ? end + 1 : -1;
            }
            default -> glob.charAt(g) == character ? g + 1 : -1;
        };
    }

    private static boolean inSet(String set, char character) {
        boolean negated = set.charAt(0) == '!' || set.charAt(0) == '^';
        boolean found = false;
        for (int i = negated ? 1 : 0; i < set.length(); i++) {
            if (i + 2 < set.length() && set.charAt(i + 1) == '-') {
                found |= set.charAt(i) <= character && character <= set.charAt(i + 2);
                i += 2;
            } else {
                found |= set.charAt(i) == character;
            }
        }
        return found != negated;
    }
}
