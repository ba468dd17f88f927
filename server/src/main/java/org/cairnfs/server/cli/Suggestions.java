package org.cairnfs.server.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses what a mistyped word was meant to be. */
final class Suggestions {
    /** More wrong letters than these, and it is another word. */
    private static final int MOST_MISTAKES = 2;

    private Suggestions() {}

    /** The known word with the fewest mistakes, if it has few. */
    static Optional<String> nearest(String typed, Collection<String> known) {
        return known.stream()
                .filter(word -> mistakes(typed, word) <= Math.min(MOST_MISTAKES, word.length() / 2))
                .min(Comparator.comparingInt((String word) -> mistakes(typed, word))
                        .thenComparing(word -> word));
    }

    /** Letters inserted, left out, replaced, or swapped with their neighbour (optimal string alignment distance). */
    static int mistakes(String typed, String word) {
        int[][] distance = new int[typed.length() + 1][word.length() + 1];
        for (int i = 0; i <= typed.length(); i++) {
            for (int j = 0; j <= word.length(); j++) {
                if (i == 0 || j == 0) {
                    distance[i][j] = i + j;
                    continue;
                }
                int replaced = typed.charAt(i - 1) == word.charAt(j - 1) ? 0 : 1;
                int best = Math.min(distance[i - 1][j], distance[i][j - 1]) + 1;
                best = Math.min(best, distance[i - 1][j - 1] + replaced);
                boolean swapped = i > 1
                        && j > 1
                        && typed.charAt(i - 1) == word.charAt(j - 2)
                        && typed.charAt(i - 2) == word.charAt(j - 1);
                distance[i][j] = swapped ? Math.min(best, distance[i - 2][j - 2] + 1) : best;
            }
        }
        return distance[typed.length()][word.length()];
    }
}
