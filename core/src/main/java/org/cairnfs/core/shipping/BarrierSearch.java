package org.cairnfs.core.shipping;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.ChainObject;
import org.cairnfs.core.bucket.LogObject;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for the barrier of a time, by following the chain backwards. */
public final class BarrierSearch {
    private static final Logger LOG = LoggerFactory.getLogger(BarrierSearch.class);

    private BarrierSearch() {}

    /**
     * A barrier.
     *
     * @param at when it was put; all that it has was answered before
     * @param sequence of the journal, up to which it goes
     * @param position of its last log object
     */
    public record Found(Instant at, long sequence, Logs.Position position) {
        /** The one that a log object ends. */
        public static Found of(LogObject log) {
            return new Found(log.created(), log.lastSequence(), new Logs.Position(log.incarnation(), log.number()));
        }
    }

    /**
     * The newest barrier that was put at a time or before it. Fetches each object of the chain since then.
     *
     * @param oldest the last object of the oldest barrier that it may be
     * @param progress told how many objects were looked at
     * @return empty if there is none as far as the chain goes back
     */
    public static Optional<Found> before(Bucket bucket, Instant time, Logs.Position oldest, LongConsumer progress)
            throws IOException {
        long looked = 0;
        try (ChainWalk walk = ChainWalk.of(bucket)) {
            Optional<ChainObject> object = walk.previous();
            while (object.isPresent()) {
                progress.accept(++looked);
                if (object.get() instanceof LogObject log && log.barrier()) {
                    Found found = Found.of(log);
                    if (found.position().compareTo(oldest) < 0) {
                        return Optional.empty();
                    }
                    if (!found.at().isAfter(time)) {
                        return Optional.of(found);
                    }
                }
                object = walk.previous();
            }
        } catch (CorruptObjectException e) {
            if (looked == 0) {
                throw e;
            }
            LOG.info("the chain cannot be followed any further back: {}", e.getMessage());
        }
        return Optional.empty();
    }
}
