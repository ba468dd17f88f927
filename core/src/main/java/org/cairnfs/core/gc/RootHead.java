package org.cairnfs.core.gc;

import java.util.HashSet;
import java.util.Set;
import org.cairnfs.core.bucket.ChunkRef;
import org.cairnfs.core.bucket.Link;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.bucket.RootObject;
import org.cairnfs.core.bucket.Roots;
import org.cairnfs.core.checkpoint.RootCounters;
import org.cairnfs.core.data.pack.PackName;

/**
 * What retention needs to know of a root.
 *
 * @param consistent sequence that its dump ended at
 * @param position of the last log object that it does not need
 * @param packs that its chunks are in
 */
public record RootHead(
        long sequence,
        long height,
        Link previous,
        Link link,
        long consistent,
        Logs.Position position,
        Set<PackName> packs) {
    /** Copies the set. */
    public RootHead {
        packs = Set.copyOf(packs);
    }

    static RootHead of(Roots roots, RootObject root) {
        Set<PackName> packs = new HashSet<>();
        for (ChunkRef chunk : root.chunks()) {
            packs.add(chunk.pack().name());
        }
        return new RootHead(
                root.sequence(),
                root.height(),
                root.previous(),
                roots.link(root),
                RootCounters.range(root).consistent(),
                RootCounters.position(root),
                packs);
    }
}
