package org.cairnfs.core.lock;

import com.google.common.collect.Range;
import com.google.common.collect.TreeRangeMap;
import java.util.Map;
import java.util.Optional;

/**
 * The ranges that one owner has locked in one file: disjoint, neighbours of the same mode joined, as fcntl(2) says.
 *
 * <p>Numbers are unsigned: keys have their sign bit turned, so that their signed order is the unsigned one. Ranges are
 * half-open, or without upper end where they reach to the end of the file. Not thread-safe.
 */
final class OwnerRanges {
    private final TreeRangeMap<Long, LockMode> modes = TreeRangeMap.create();

    /** How many ranges there are. */
    int size() {
        return modes.asMapOfRanges().size();
    }

    /** Gives the range this mode, whatever its parts had before. */
    void lock(LockRange range, LockMode mode) {
        modes.putCoalescing(keys(range), mode);
    }

    /** Frees the range. */
    void unlock(LockRange range) {
        modes.remove(keys(range));
    }

    /** By how much {@link #lock} may raise the size: never less than it does. */
    int growthOfLock(LockRange range, LockMode mode) {
        return enclosing(range)
                .map(around -> around.getValue() == mode ? 0 : rests(around.getKey(), range))
                .orElse(1);
    }

    /** By how much {@link #unlock} may raise the size. */
    int growthOfUnlock(LockRange range) {
        return enclosing(range).map(around -> rests(around.getKey(), range) - 1).orElse(0);
    }

    /** A range of this owner that excludes a lock of another with this range and mode. */
    Optional<Map.Entry<LockRange, LockMode>> conflict(LockRange range, LockMode mode) {
        return modes.subRangeMap(keys(range)).asMapOfRanges().entrySet().stream()
                .filter(held -> held.getValue().conflictsWith(mode))
                .findFirst()
                .map(held -> whole(held.getKey().lowerEndpoint()));
    }

    /** Whether some part of the range is locked for WRITE. */
    boolean hasWrite(LockRange range) {
        return modes.subRangeMap(keys(range)).asMapOfRanges().containsValue(LockMode.WRITE);
    }

    private Map.Entry<LockRange, LockMode> whole(long key) {
        Map.Entry<Range<Long>, LockMode> entry = modes.getEntry(key);
        if (entry == null) {
            throw new IllegalStateException("the range of a key that was just found is gone");
        }
        return Map.entry(range(entry.getKey()), entry.getValue());
    }

    private Optional<Map.Entry<LockRange, LockMode>> enclosing(LockRange range) {
        return Optional.ofNullable(modes.getEntry(turned(range.first())))
                .filter(entry -> entry.getKey().encloses(keys(range)))
                .map(entry -> Map.entry(range(entry.getKey()), entry.getValue()));
    }

    /** How many pieces of {@code around} are left beside {@code range}: 0 to 2. */
    private static int rests(LockRange around, LockRange range) {
        return (around.first() == range.first() ? 0 : 1) + (around.last() == range.last() ? 0 : 1);
    }

    private static Range<Long> keys(LockRange range) {
        long first = turned(range.first());
        return range.last() == LockRange.TO_END
                ? Range.atLeast(first)
                : Range.closedOpen(first, turned(range.last() + 1));
    }

    private static LockRange range(Range<Long> keys) {
        long last = keys.hasUpperBound() ? turned(keys.upperEndpoint()) - 1 : LockRange.TO_END;
        return new LockRange(turned(keys.lowerEndpoint()), last);
    }

    private static long turned(long number) {
        return number ^ Long.MIN_VALUE;
    }
}
