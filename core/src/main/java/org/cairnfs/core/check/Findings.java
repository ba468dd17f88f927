package org.cairnfs.core.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.cairnfs.core.metadata.row.RowKey;

/** What a check found: all of it counted, and so many of each kind kept as a repair does at a time. Used by one thread. */
final class Findings {
    /** Of each kind. */
    private static final int MOST = 1_000;

    private final Map<FindingKind, Long> counts = new EnumMap<>(FindingKind.class);
    private final List<Finding> kept = new ArrayList<>();

    void add(FindingKind kind, RowKey key, String text) {
        add(new Finding(kind, key, text));
    }

    void add(FindingKind kind, RowKey key, String text, long first, long second) {
        add(new Finding(kind, key, text, first, second));
    }

    private void add(Finding finding) {
        if (counts.merge(finding.kind(), 1L, Long::sum) <= MOST) {
            kept.add(finding);
        }
    }

    List<Finding> kept() {
        return kept;
    }

    /** How many there are of each kind, those that are not kept included. */
    Map<FindingKind, Long> counts() {
        return counts;
    }
}
