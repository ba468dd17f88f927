package org.cairnfs.server.nfs.fuzz;

import java.util.Map;
import java.util.TreeMap;

/** How requests ended, counted by status. Used by one thread. */
final class Tally {
    private final Map<String, Integer> counts = new TreeMap<>();
    private int requests;

    void sent() {
        requests++;
    }

    void ended(String how) {
        counts.merge(how, 1, Integer::sum);
    }

    void addAll(Tally other) {
        requests += other.requests;
        other.counts.forEach((how, count) -> counts.merge(how, count, Integer::sum));
    }

    int requests() {
        return requests;
    }

    int count(String how) {
        return counts.getOrDefault(how, 0);
    }

    @Override
    public String toString() {
        return requests + " requests: " + counts;
    }
}
