package org.cairnfs.core.testkit;

import java.util.Collection;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What became, at a power loss of {@link PowerLossFiles}, of the writes that were not synced: a run that lost nothing has proven nothing,
 * so runs are asked for these counts. Not safe for several threads until it is filled; then it changes no more.
 */
public final class PowerLossFates {
    /** By the step that made them: how many of the sectors that a write changed reached the disk, and how many did not. */
    private final NavigableMap<Long, int[]> writes = new TreeMap<>();

    private int pieces;

    /** Another sector, length or name is not as it was. */
    void lost() {
        pieces++;
    }

    /** Whether the change that a step made to one sector reached the disk. */
    void sector(long step, boolean kept) {
        writes.computeIfAbsent(step, none -> new int[2])[kept ? 0 : 1]++;
    }

    /** Sectors, lengths and names that are not as they were before the power failed. */
    public int pieces() {
        return pieces;
    }

    /** Writes of which nothing reached the disk. */
    public int dropped() {
        return (int) writes.values().stream().filter(fate -> fate[0] == 0).count();
    }

    /** Writes of which some sectors reached the disk, and others did not. */
    public int torn() {
        return (int) writes.values().stream()
                .filter(fate -> fate[0] > 0 && fate[1] > 0)
                .count();
    }

    /** Writes that reached the disk, in part at least, though one before them did not, or not all of it. */
    public int reordered() {
        int count = 0;
        boolean gap = false;
        for (int[] fate : writes.values()) {
            count += gap && fate[0] > 0 ? 1 : 0;
            gap |= fate[1] > 0;
        }
        return count;
    }

    /** The sum of several power losses, for the line that a test prints. */
    public static String tell(Collection<PowerLossFates> all) {
        return String.format(
                "%d writes dropped, %d torn, %d reordered; %d pieces lost",
                all.stream().mapToInt(PowerLossFates::dropped).sum(),
                all.stream().mapToInt(PowerLossFates::torn).sum(),
                all.stream().mapToInt(PowerLossFates::reordered).sum(),
                all.stream().mapToInt(PowerLossFates::pieces).sum());
    }
}
