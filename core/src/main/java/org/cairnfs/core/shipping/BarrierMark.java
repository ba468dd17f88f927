package org.cairnfs.core.shipping;

import java.util.List;
import org.cairnfs.core.bucket.ChainEnd;
import org.cairnfs.core.bucket.Logs;

/**
 * A barrier in the chain of a bucket, as somebody remembers it who has brought its rows up to there.
 *
 * @param end where the chain ended with its last object; a checkpoint's root, if it needs no log
 * @param standing its sequence, its time, and where it stands in the log
 * @param pieces its log objects, in order; none for a root
 */
public record BarrierMark(ChainEnd end, Shipper.Standing standing, List<Logs.Position> pieces) {
    /** Copies the list. */
    public BarrierMark {
        pieces = List.copyOf(pieces);
    }
}
