package org.cairnfs.core.shipping;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.bucket.BucketLayout;
import org.cairnfs.core.bucket.ChainEnd;
import org.cairnfs.core.bucket.LogObject;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.objectstore.CorruptObjectException;

/** The log objects of one barrier, in order: at least one, of which the last ends it. */
record ShippedBarrier(List<Piece> pieces) {
    /** A log object; its body may have been let go. */
    record Piece(
            Logs.Position position,
            long first,
            long last,
            boolean barrier,
            boolean lineage,
            Instant created,
            ChainEnd end,
            Optional<LogObject> kept) {
        static Piece of(LogObject log, ChainEnd end, boolean keep) {
            return new Piece(
                    new Logs.Position(log.incarnation(), log.number()),
                    log.firstSequence(),
                    log.lastSequence(),
                    log.barrier(),
                    log.lineage(),
                    log.created(),
                    end,
                    keep ? Optional.of(log) : Optional.empty());
        }
    }

    /**
     * Puts together what belongs to one barrier each, and leaves out what no barrier ends.
     *
     * @param before the sequence of the barrier before the first piece; negative if the first may begin anywhere
     */
    static List<ShippedBarrier> of(Collection<Piece> pieces, long before) throws CorruptObjectException {
        List<ShippedBarrier> barriers = new ArrayList<>();
        List<Piece> group = new ArrayList<>();
        long through = before;
        for (Piece piece : pieces) {
            if (!group.isEmpty() && piece.first() <= group.get(group.size() - 1).last()) {
                group.clear();
            }
            if (piece.lineage()) {
                group.clear();
                barriers.removeIf(barrier -> barrier.last().last() >= piece.first());
                through = barriers.isEmpty()
                        ? before
                        : barriers.get(barriers.size() - 1).last().last();
            }
            if (group.isEmpty() && through >= 0 && piece.first() != through + 1) {
                throw new CorruptObjectException(
                        BucketLayout.log(
                                piece.position().incarnation(), piece.position().number()),
                        -1,
                        "it begins at record " + piece.first() + ", the barrier before it ends at " + through);
            }
            group.add(piece);
            if (piece.barrier()) {
                barriers.add(new ShippedBarrier(List.copyOf(group)));
                through = piece.last();
                group.clear();
            }
        }
        return barriers;
    }

    Piece last() {
        return pieces.get(pieces.size() - 1);
    }

    BarrierMark mark() {
        return new BarrierMark(
                last().end(),
                new Shipper.Standing(last().last(), last().created(), last().position()),
                pieces.stream().map(Piece::position).toList());
    }
}
