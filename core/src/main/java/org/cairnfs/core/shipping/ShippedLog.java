package org.cairnfs.core.shipping;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketLayout;
import org.cairnfs.core.bucket.ChainEnd;
import org.cairnfs.core.bucket.ChainObject;
import org.cairnfs.core.bucket.LogObject;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.bucket.RootObject;
import org.cairnfs.core.bytes.MalformedException;
import org.cairnfs.core.checkpoint.RootCounters;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.record.JournalRecordCodec;

/**
 * What the chain in a bucket holds: the newest barrier, and the checkpoint and records that lead up to it.
 *
 * <p>Records of log objects that no barrier ends are never used: a server that died while it shipped left them, and whoever came
 * after it shipped them again or went another way.
 */
public final class ShippedLog {
    /** So many bytes of bodies, in all, are kept from the way back for the way forth; the others are fetched twice. */
    private static final long KEPT_BYTES = 32 << 20;

    private final Bucket bucket;
    private final ChainEnd end;
    private final Optional<RootObject> root;
    private final List<Barrier> barriers;
    private final Optional<ChainObject> newest;

    /** The log objects of one barrier, in order. */
    private record Barrier(List<Piece> pieces) {
        Piece last() {
            return pieces.get(pieces.size() - 1);
        }
    }

    /** A log object; its body may have been let go. */
    private record Piece(
            Logs.Position position,
            long first,
            long last,
            boolean barrier,
            boolean lineage,
            Instant created,
            Optional<LogObject> kept) {
        static Piece of(LogObject log, boolean keep) {
            return new Piece(
                    new Logs.Position(log.incarnation(), log.number()),
                    log.firstSequence(),
                    log.lastSequence(),
                    log.barrier(),
                    log.lineage(),
                    log.created(),
                    keep ? Optional.of(log) : Optional.empty());
        }
    }

    private ShippedLog(
            Bucket bucket,
            ChainEnd end,
            Optional<RootObject> root,
            List<Barrier> barriers,
            Optional<ChainObject> newest) {
        this.bucket = bucket;
        this.end = end;
        this.root = root;
        this.barriers = barriers;
        this.newest = newest;
    }

    /** Looks where the chain ends and which barrier is the newest, for a server that has its journal. */
    public static ShippedLog newest(Bucket bucket) throws IOException {
        return read(bucket, false);
    }

    /**
     * Reads back as far as a machine needs that has nothing but the bucket: to the newest root from which the newest barrier
     * can be reached, or to the beginning.
     */
    public static ShippedLog whole(Bucket bucket) throws IOException {
        return read(bucket, true);
    }

    private static ShippedLog read(Bucket bucket, boolean whole) throws IOException {
        try (ChainWalk walk = ChainWalk.of(bucket)) {
            Deque<Piece> pieces = new ArrayDeque<>();
            Optional<RootObject> usable = Optional.empty();
            Optional<ChainObject> newest = walk.previous();
            Optional<ChainObject> object = newest;
            long bytes = 0;
            long counts = -1; // up to this sequence, what is reached counts; unknown before the first barrier
            while (object.isPresent() && !isEnough(whole, usable, pieces)) {
                if (object.get() instanceof LogObject log) {
                    bytes += log.body().length;
                    pieces.addFirst(Piece.of(log, bytes <= KEPT_BYTES));
                    counts = counts < 0 && log.barrier() ? log.lastSequence() : counts;
                    counts = log.lineage() ? Math.min(counts, log.firstSequence() - 1) : counts;
                } else if (usable.isEmpty() && isUsable((RootObject) object.get(), pieces.isEmpty(), counts)) {
                    usable = Optional.of((RootObject) object.get());
                    if (isEnough(whole, usable, pieces)) {
                        break;
                    }
                }
                object = walk.previous();
            }
            return new ShippedLog(bucket, walk.end(), usable, barriers(pieces), newest);
        }
    }

    private static Optional<Piece> newestBarrier(Collection<Piece> pieces) {
        return pieces.stream().filter(Piece::barrier).reduce((first, second) -> second);
    }

    /** Whether what counts goes beyond the root's dump; or the root needs no log, and is not left behind by a rebuild. */
    private static boolean isUsable(RootObject root, boolean last, long counts) {
        return RootCounters.range(root).consistent() <= counts || last && RootCounters.isComplete(root);
    }

    private static boolean isEnough(boolean whole, Optional<RootObject> usable, Deque<Piece> pieces) {
        if (!whole) {
            return newestBarrier(pieces).isPresent();
        }
        return usable.isPresent()
                && (RootCounters.isComplete(usable.get())
                        || !pieces.isEmpty()
                                && pieces.getFirst().first()
                                        <= RootCounters.range(usable.get()).applied() + 1);
    }

    /** Puts together what belongs to one barrier each, and leaves out what no barrier ends. */
    private static List<Barrier> barriers(Collection<Piece> pieces) throws CorruptObjectException {
        List<Barrier> barriers = new ArrayList<>();
        List<Piece> group = new ArrayList<>();
        long through = -1;
        for (Piece piece : pieces) {
            if (!group.isEmpty() && piece.first() <= group.get(group.size() - 1).last()) {
                group.clear();
            }
            if (piece.lineage()) {
                group.clear();
                barriers.removeIf(barrier -> barrier.last().last() >= piece.first());
                through = barriers.isEmpty()
                        ? -1
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
                barriers.add(new Barrier(List.copyOf(group)));
                through = piece.last();
                group.clear();
            }
        }
        return barriers;
    }

    /** Where the chain ends. */
    public ChainEnd end() {
        return end;
    }

    /** The incarnation of the newest object; 0 if there is none. */
    public long newestIncarnation() {
        return newest.map(object ->
                        object instanceof LogObject log ? log.incarnation() : ((RootObject) object).incarnation())
                .orElse(0L);
    }

    /** The state directory of the server that wrote the newest object, if it says so. */
    public Optional<UUID> newestWriter() {
        return newest.flatMap(object -> object instanceof LogObject log
                ? Optional.of(log.stateDirectory())
                : RootCounters.writer((RootObject) object));
    }

    /** Whether there is something to rebuild a file system from. */
    public boolean isRestorable() {
        return root.isPresent()
                || !barriers.isEmpty() && barriers.get(0).pieces().get(0).first() == 1;
    }

    /** The checkpoint that a rebuild begins with; none if the log reaches back to the beginning. */
    public Optional<RootObject> root() {
        return root;
    }

    /** Where shipping stands. */
    public Shipper.Standing standing() {
        if (!barriers.isEmpty()) {
            Piece last = barriers.get(barriers.size() - 1).last();
            return new Shipper.Standing(last.last(), last.created(), last.position());
        }
        return root.map(found -> new Shipper.Standing(
                        RootCounters.range(found).consistent(), found.created(), RootCounters.position(found)))
                .orElse(new Shipper.Standing(0, Instant.EPOCH, Logs.Position.START));
    }

    /** Gives the records of all barriers above a sequence, in order. */
    public void records(long above, Journal.RecordVisitor visitor) throws IOException {
        for (Barrier barrier : barriers) {
            if (barrier.last().last() <= above) {
                continue;
            }
            items(barrier, item -> {
                if (item instanceof LogItem.Logged logged && logged.sequence() > above) {
                    visitor.visit(
                            logged.sequence(),
                            barrier.last().created().toEpochMilli(),
                            JournalRecordCodec.encode(logged.record()),
                            null);
                }
            });
        }
    }

    /** What must be laid over the rows at the newest barrier. */
    List<LogItem> overlay() throws IOException {
        List<LogItem> overlay = new ArrayList<>();
        if (!barriers.isEmpty()) {
            items(barriers.get(barriers.size() - 1), item -> {
                if (!(item instanceof LogItem.Logged)) {
                    overlay.add(item);
                }
            });
        }
        return overlay;
    }

    private void items(Barrier barrier, LogBody.Visitor<RuntimeException> visitor) throws IOException {
        for (Piece piece : barrier.pieces()) {
            LogObject log = piece.kept().isPresent()
                    ? piece.kept().get()
                    : bucket.logs().read(piece.position());
            try {
                LogBody.read(log.body(), log.firstSequence(), visitor);
            } catch (MalformedException e) {
                throw new CorruptObjectException(log.objectKey(), -1, e.getMessage(), e);
            }
        }
    }
}
