package org.cairnfs.server.nfs.v4.attr;

import java.util.function.IntConsumer;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * A set of attribute numbers (bitmap4, RFC 8881 section 3.3.7), for numbers below {@value #SIZE}.
 *
 * @param low numbers 0 to 63
 * @param high numbers 64 to 127
 * @param beyond whether a number of {@value #SIZE} or over, which no RFC names, was in what was read
 */
public record Bitmap4(long low, long high, boolean beyond) {
    /** One over the largest number that can be held. */
    public static final int SIZE = 128;

    public static final Bitmap4 EMPTY = new Bitmap4(0, 0, false);

    private static final int MAX_WORDS = 64;

    public static Bitmap4 of(int... numbers) {
        Bitmap4 set = EMPTY;
        for (int number : numbers) {
            set = set.with(number);
        }
        return set;
    }

    /** Reads a set; words that are not sent are zero. */
    public static Bitmap4 decode(XdrReader in) throws XdrException {
        int[] words = in.readInts(MAX_WORDS);
        boolean beyond = false;
        for (int i = SIZE / Integer.SIZE; i < words.length; i++) {
            beyond |= words[i] != 0;
        }
        return new Bitmap4(word(words, 0) | word(words, 1) << 32, word(words, 2) | word(words, 3) << 32, beyond);
    }

    private static long word(int[] words, int index) {
        return index < words.length ? Integer.toUnsignedLong(words[index]) : 0;
    }

    /** Writes as many words as are needed; {@link #beyond} is not written. */
    public void encode(XdrWriter out) throws XdrException {
        if (high >>> 32 != 0) {
            out.writeInts((int) low, (int) (low >>> 32), (int) high, (int) (high >>> 32));
        } else if (high != 0) {
            out.writeInts((int) low, (int) (low >>> 32), (int) high);
        } else if (low >>> 32 != 0) {
            out.writeInts((int) low, (int) (low >>> 32));
        } else if (low != 0) {
            out.writeInts((int) low);
        } else {
            out.writeInts();
        }
    }

    public boolean contains(int number) {
        return (((number < Long.SIZE ? low : high) >>> (number % Long.SIZE)) & 1) != 0;
    }

    public Bitmap4 with(int number) {
        long bit = 1L << (number % Long.SIZE);
        return number < Long.SIZE ? new Bitmap4(low | bit, high, beyond) : new Bitmap4(low, high | bit, beyond);
    }

    /** What is in both. */
    public Bitmap4 and(Bitmap4 other) {
        return new Bitmap4(low & other.low, high & other.high, beyond && other.beyond);
    }

    /** What is in either. */
    public Bitmap4 or(Bitmap4 other) {
        return new Bitmap4(low | other.low, high | other.high, beyond || other.beyond);
    }

    public boolean intersects(Bitmap4 other) {
        return (low & other.low) != 0 || (high & other.high) != 0;
    }

    public boolean isEmpty() {
        return low == 0 && high == 0 && !beyond;
    }

    /** Whether all that is in this one is in {@code other}. */
    public boolean isSubsetOf(Bitmap4 other) {
        return (low & ~other.low) == 0 && (high & ~other.high) == 0 && (!beyond || other.beyond);
    }

    /** The lowest number that is {@code from} or over; -1 if there is none. */
    public int next(int from) {
        if (from < Long.SIZE) {
            long rest = low & (-1L << from);
            if (rest != 0) {
                return Long.numberOfTrailingZeros(rest);
            }
        }
        if (from >= SIZE) {
            return -1;
        }
        long rest = from <= Long.SIZE ? high : high & (-1L << (from - Long.SIZE));
        return rest == 0 ? -1 : Long.SIZE + Long.numberOfTrailingZeros(rest);
    }

    /** Calls back with each number, in ascending order. */
    public void forEach(IntConsumer action) {
        for (int number = next(0); number >= 0; number = next(number + 1)) {
            action.accept(number);
        }
    }
}
