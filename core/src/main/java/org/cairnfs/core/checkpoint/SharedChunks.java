package org.cairnfs.core.checkpoint;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cairnfs.core.bucket.ChunkRef;
import org.cairnfs.core.data.pack.PackName;

/**
 * Chooses which chunks of a checkpoint the next one shares. A chunk that alone keeps a large pack in the bucket costs more than it saves, and
 * so do many small packs; what is in such packs is stored anew, once.
 */
final class SharedChunks {
    /** A pack of which the checkpoint uses less than this part, in percent, is not used any longer. */
    private static final int LEAST_PERCENT = 50;

    /** From so many packs on, the smaller half is stored anew. */
    private static final int MANY_PACKS = 128;

    private SharedChunks() {}

    /** What a checkpoint uses of a pack, in bytes; the pack is at least {@code end} long. */
    private record Use(long bytes, long end) {
        Use with(ChunkRef chunk) {
            int length = chunk.entry().storedLength();
            return new Use(bytes + length, Math.max(end, (long) chunk.entry().offset() + length));
        }

        boolean isGood() {
            return bytes * 100 >= end * LEAST_PERCENT;
        }
    }

    /**
     * Those of a checkpoint's chunks that the next one may refer to.
     *
     * @param generation of the master key: what is sealed with an older one is stored anew
     */
    static List<ChunkRef> of(List<ChunkRef> before, int generation) {
        Map<PackName, Use> uses = new HashMap<>();
        for (ChunkRef chunk : new HashSet<>(before)) {
            if (chunk.pack().seal().generation() < generation) {
                continue;
            }
            uses.merge(chunk.pack().name(), new Use(0, 0).with(chunk), (use, unused) -> use.with(chunk));
        }
        uses.values().removeIf(use -> !use.isGood());
        Set<PackName> shared = new HashSet<>(uses.keySet());
        if (shared.size() >= MANY_PACKS) {
            uses.entrySet().stream()
                    .sorted(Comparator.comparingLong(entry -> entry.getValue().bytes()))
                    .limit(shared.size() / 2)
                    .forEach(entry -> shared.remove(entry.getKey()));
        }
        return before.stream()
                .filter(chunk -> shared.contains(chunk.pack().name()))
                .toList();
    }
}
