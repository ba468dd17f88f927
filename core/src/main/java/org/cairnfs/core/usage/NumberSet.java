package org.cairnfs.core.usage;

import java.util.BitSet;
import java.util.PrimitiveIterator;
import java.util.TreeMap;

/**
 * A set of row numbers, a bit for each. Numbers are given one after the other, so those of a tree lie close: pages of
 * {@value #PAGE_BITS} bits are there only where one is set. For one thread.
 */
final class NumberSet {
    private static final int PAGE_BITS = 1 << 14;
    private static final int PAGE_WORDS = PAGE_BITS / Long.SIZE;

    private final TreeMap<Long, long[]> pages = new TreeMap<>();
    private long size;

    /**
     * Adds a number.
     *
     * @param number 0 or more
     * @return whether it was not in it
     */
    boolean add(long number) {
        long[] page = pages.computeIfAbsent(number / PAGE_BITS, key -> new long[PAGE_WORDS]);
        int word = (int) (number % PAGE_BITS) / Long.SIZE;
        long bit = 1L << (number % Long.SIZE);
        if ((page[word] & bit) != 0) {
            return false;
        }
        page[word] |= bit;
        size++;
        return true;
    }

    boolean contains(long number) {
        long[] page = pages.get(number / PAGE_BITS);
        return page != null && (page[(int) (number % PAGE_BITS) / Long.SIZE] & 1L << (number % Long.SIZE)) != 0;
    }

    long size() {
        return size;
    }

    /** All of them, the smallest first. */
    PrimitiveIterator.OfLong iterator() {
        return pages.entrySet().stream()
                .flatMapToLong(page ->
                        BitSet.valueOf(page.getValue()).stream().mapToLong(bit -> page.getKey() * PAGE_BITS + bit))
                .iterator();
    }
}
