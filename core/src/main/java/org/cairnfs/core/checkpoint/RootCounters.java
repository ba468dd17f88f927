package org.cairnfs.core.checkpoint;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.cairnfs.core.bucket.ChainEnd;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.bucket.RootObject;
import org.cairnfs.core.metadata.DumpRange;

/** What the root of a checkpoint says beside its chunks: the names are part of the format. */
public final class RootCounters {
    private static final String APPLIED = "journal-applied";
    private static final String LOW = "journal-low";
    private static final String CONSISTENT = "journal-consistent";
    private static final String COMPLETE = "complete";
    private static final String LOG_INCARNATION = "log-incarnation";
    private static final String LOG_NUMBER = "log-number";
    private static final String WRITER = "state-directory";

    private RootCounters() {}

    /** The stretch of the journal that its dump belongs to. */
    public static DumpRange range(RootObject root) {
        SortedMap<String, Long> counters = root.counters();
        return new DumpRange(
                counters.getOrDefault(APPLIED, 0L),
                counters.getOrDefault(LOW, 1L),
                counters.getOrDefault(CONSISTENT, 0L));
    }

    /** Whether nothing changed while it was taken and nothing was dirty: it needs no log. */
    public static boolean isComplete(RootObject root) {
        return root.counters().getOrDefault(COMPLETE, 0L) == 1;
    }

    /** The last log object of the newest barrier when its dump began: all records that it needs are in later ones. */
    public static Logs.Position position(RootObject root) {
        return new Logs.Position(
                root.counters().getOrDefault(LOG_INCARNATION, 0L),
                root.counters().getOrDefault(LOG_NUMBER, 0L));
    }

    /** The state directory of the server that wrote it; roots of the time before there was a log do not say. */
    public static Optional<UUID> writer(RootObject root) {
        try {
            return Optional.ofNullable(root.properties().get(WRITER)).map(UUID::fromString);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static SortedMap<String, Long> counters(DumpRange range, boolean complete, Logs.Position position, ChainEnd end) {
        SortedMap<String, Long> counters = new TreeMap<>();
        counters.put(APPLIED, range.applied());
        counters.put(LOW, range.low());
        counters.put(CONSISTENT, range.consistent());
        counters.put(COMPLETE, complete ? 1L : 0L);
        counters.put(LOG_INCARNATION, position.incarnation());
        counters.put(LOG_NUMBER, position.number());
        counters.put(RootObject.HEIGHT, end.height() + 1);
        return counters;
    }

    static SortedMap<String, String> properties(UUID stateDirectory) {
        SortedMap<String, String> properties = new TreeMap<>();
        properties.put(WRITER, stateDirectory.toString());
        return properties;
    }
}
