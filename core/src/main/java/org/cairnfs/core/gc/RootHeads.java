package org.cairnfs.core.gc;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.Link;
import org.cairnfs.core.bucket.LogObject;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.bucket.Roots;
import org.cairnfs.core.objectstore.ObjectMissingException;

/**
 * The roots of a bucket, each read once, and for each the first barrier behind it. Both never change, so they are kept from run to run, for
 * roots that are there. Not thread-safe.
 */
public final class RootHeads {
    /** Behind a dump there are few log objects before the next barrier ends. */
    private static final int MOST_LOGS = 10_000;

    private final Bucket bucket;
    private final Map<Long, RootHead> heads = new HashMap<>();
    private final Map<Long, Logs.Position> barriers = new HashMap<>();

    public RootHeads(Bucket bucket) {
        this.bucket = bucket;
    }

    /** Forgets all but these. */
    void retain(Collection<Long> sequences) {
        heads.keySet().retainAll(sequences);
        barriers.keySet().retainAll(sequences);
    }

    /** The root of a sequence; empty if there is none. */
    public Optional<RootHead> head(long sequence) throws IOException {
        RootHead known = heads.get(sequence);
        if (known == null) {
            Roots roots = bucket.roots();
            try {
                known = RootHead.of(roots, roots.read(sequence));
            } catch (ObjectMissingException e) {
                return Optional.empty();
            }
            heads.put(sequence, known);
        }
        return Optional.of(known);
    }

    /**
     * The last log object of the first barrier that is behind a root in the chain, and not before it in the journal; empty if what leads
     * there is not in the bucket.
     *
     * @param logs all positions in the bucket, in order
     */
    public Optional<Logs.Position> barrierBehind(RootHead root, List<Logs.Position> logs) throws IOException {
        Logs.Position known = barriers.get(root.sequence());
        if (known != null) {
            return Optional.of(known);
        }
        Link expected = root.link();
        int read = 0;
        for (Logs.Position position : logs) {
            if (position.compareTo(root.position()) <= 0) {
                continue;
            }
            if (++read > MOST_LOGS) {
                break;
            }
            LogObject log = bucket.logs().read(position);
            expected = acrossRoots(expected, log.previous());
            if (log.height() > root.height() && log.previous().equals(expected)) {
                expected = bucket.logs().link(log);
                if (log.barrier() && log.lastSequence() >= root.consistent()) {
                    barriers.put(root.sequence(), position);
                    return Optional.of(position);
                }
            }
        }
        return Optional.empty();
    }

    /** The link after the roots that lie between an object and the next log object. */
    private Link acrossRoots(Link from, Link to) {
        Link link = from;
        boolean found = true;
        while (found && !link.equals(to)) {
            found = false;
            for (RootHead head : heads.values()) {
                if (head.previous().equals(link)) {
                    link = head.link();
                    found = true;
                    break;
                }
            }
        }
        return link.equals(to) ? link : from;
    }
}
