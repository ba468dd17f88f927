package org.cairnfs.core.gc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.Rows;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.PackRow;

/**
 * The chunks of some packs, found by one walk over the table: nothing leads from a pack to its chunks, as an index would cost each write
 * something. Immutable.
 *
 * @param pack as it was
 * @param live its chunks that are referred to, by offset
 * @param dead numbers of the others
 */
record PackChunks(PackRow pack, List<ChunkRow> live, List<Long> dead) {
    /** So many chunks are held at a time. */
    static final int MOST = 1 << 16;

    /**
     * The chunks of packs, in the order of these; the last ones are left out when there are too many chunks, but never the first one.
     *
     * @param most how many chunks
     */
    static List<PackChunks> of(MetadataView view, List<PackRow> packs, int most) {
        NavigableMap<Integer, PackChunks> found = new TreeMap<>();
        Map<Long, Integer> ranks = new HashMap<>();
        for (PackRow pack : packs) {
            if (ranks.putIfAbsent(pack.pack(), ranks.size()) == null) {
                found.put(ranks.size() - 1, new PackChunks(pack, new ArrayList<>(), new ArrayList<>()));
            }
        }
        long[] held = {0};
        Rows.visit(view, ChunkRow.class, chunk -> {
            Integer rank = ranks.get(chunk.pack());
            PackChunks of = rank == null ? null : found.get(rank);
            if (of != null) {
                if (chunk.deadSequence() == 0) {
                    of.live.add(chunk);
                } else {
                    of.dead.add(chunk.chunk());
                }
                held[0]++;
            }
            while (held[0] > most && found.size() > 1) {
                PackChunks last = found.pollLastEntry().getValue();
                held[0] -= last.live.size() + last.dead.size();
            }
            return !found.isEmpty();
        });
        found.values().forEach(of -> of.live.sort(Comparator.comparingInt(ChunkRow::packOffset)));
        return List.copyOf(found.values());
    }
}
