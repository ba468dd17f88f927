package org.cairnfs.core.restore;

import java.time.Instant;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.shipping.BarrierSearch;

/**
 * A moment that a file system can be put back to: a barrier that is in its bucket.
 *
 * @param at when the barrier was put; all that it has was answered before
 * @param sequence of the journal, up to which it goes
 * @param position of its last log object
 */
public record Moment(Instant at, long sequence, Logs.Position position) {
    static Moment of(BarrierSearch.Found barrier) {
        return new Moment(barrier.at(), barrier.sequence(), barrier.position());
    }
}
