package org.cairnfs.server.nfs.rpc.gss;

import java.util.BitSet;

/**
 * The sequence numbers of a context that have been seen (RFC 2203 section 5.3.3.1): each is let through once, and those that are so old
 * that it is not known any more, never.
 *
 * <p>Invariant: {@code seen} holds, modulo {@value #SIZE}, which of the last {@value #SIZE} numbers up to {@code highest} were let through;
 * all other bits are clear. Thread-safe; the monitor guards all.
 */
final class SequenceWindow {
    /** How many numbers below the highest are still good: more than a client has calls in flight, over all its connections. */
    static final int SIZE = 1024;

    private final BitSet seen = new BitSet(SIZE);
    private long highest = -1;

    /**
     * Lets a number through, or not. Only numbers whose verifier was checked may be asked for: they move the window.
     *
     * @param sequence 0 or more
     * @return whether it is new, and not too old to tell
     */
    synchronized boolean admit(long sequence) {
        if (sequence > highest) {
            if (sequence - highest >= SIZE) {
                seen.clear();
            } else {
                for (long passed = highest + 1; passed < sequence; passed++) {
                    seen.clear(slot(passed));
                }
            }
            highest = sequence;
            seen.set(slot(sequence));
            return true;
        }
        if (highest - sequence >= SIZE || seen.get(slot(sequence))) {
            return false;
        }
        seen.set(slot(sequence));
        return true;
    }

    private static int slot(long sequence) {
        return (int) (sequence % SIZE);
    }
}
