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
import org.cairnfs.core.bucket.ChainEnd;
import org.cairnfs.core.bucket.ChainObject;
import org.cairnfs.core.bucket.Link;
import org.cairnfs.core.bucket.LogObject;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.bucket.RootObject;
import org.cairnfs.core.bytes.MalformedException;
import org.cairnfs.core.checkpoint.RootCounters;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ObjectMissingException;
import org.cairnfs.core.record.JournalRecordCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the chain in a bucket holds: the newest barrier, and the checkpoint and records that lead up to it.
 *
 * <p>Records of log objects that no barrier ends are never used: a server that died while it shipped left them, and whoever came
 * after it shipped them again or went another way.
 */
public final class ShippedLog {
    private static final Logger LOG = LoggerFactory.getLogger(ShippedLog.class);

    /** So many bytes of bodies, in all, are kept from the way back for the way forth; the others are fetched twice. */
    private static final long KEPT_BYTES = 32 << 20;

    private final Bucket bucket;
    private final ChainEnd end;
    private final Start start;
    private final List<ShippedBarrier> barriers;
    private final Optional<ChainObject> newest;

    /**
     * What the barriers follow.
     *
     * @param root a checkpoint; empty if the log reaches back to the beginning, or was not read back to one
     * @param mark where the root stands, or the barrier that somebody has the rows of; empty without either
     */
    private record Start(Optional<RootObject> root, Optional<BarrierMark> mark) {}

    private ShippedLog(
            Bucket bucket, ChainEnd end, Start start, List<ShippedBarrier> barriers, Optional<ChainObject> newest) {
        this.bucket = bucket;
        this.end = end;
        this.start = start;
        this.barriers = barriers;
        this.newest = newest;
    }

    /** Looks where the chain ends and which barrier is the newest, for a server that has its journal. */
    public static ShippedLog newest(Bucket bucket) throws IOException {
        return read(ChainWalk.of(bucket), bucket, false);
    }

    /**
     * Reads back as far as a machine needs that has nothing but the bucket: to the newest root from which the newest barrier
     * can be reached, or to the beginning.
     */
    public static ShippedLog whole(Bucket bucket) throws IOException {
        return read(ChainWalk.of(bucket), bucket, true);
    }

    /**
     * Reads back from a log object as far as a machine needs that is to have the file system as it was when that was the newest.
     *
     * @param last the last object of a barrier of the chain
     */
    public static ShippedLog asOf(Bucket bucket, Logs.Position last) throws IOException {
        return read(ChainWalk.through(bucket, last), bucket, true);
    }

    /**
     * Reads back to a barrier that somebody has the rows of.
     *
     * @return empty if the chain does not go on from there, or objects on the way are not there any more: only {@link #whole} helps
     */
    public static Optional<ShippedLog> since(Bucket bucket, BarrierMark known) throws IOException {
        try (ChainWalk walk = ChainWalk.behind(bucket, known)) {
            Deque<ShippedBarrier.Piece> pieces = new ArrayDeque<>();
            Optional<ChainObject> newest = walk.previous();
            if (newest.isEmpty() || isNotBehind(newest.get(), walk.end(), known)) {
                return Optional.of(new ShippedLog(
                        bucket, known.end(), new Start(Optional.empty(), Optional.of(known)), List.of(), newest));
            }
            Optional<ChainObject> object = newest;
            long bytes = 0;
            while (object.isPresent()) {
                if (object.get() instanceof LogObject log) {
                    bytes += log.body().length;
                    pieces.addFirst(ShippedBarrier.Piece.of(log, walk.at().orElseThrow(), bytes <= KEPT_BYTES));
                }
                if (object.get() instanceof RootObject root && RootCounters.isComplete(root)) {
                    return Optional.empty(); // It stands for itself, whatever was before.
                }
                if (object.get().previous().equals(known.end().link())) {
                    return continued(bucket, walk.end(), known, pieces, newest);
                }
                object = walk.previous();
            }
            return Optional.empty();
        } catch (CorruptObjectException | ObjectMissingException e) {
            LOG.info("the chain is read from its newest checkpoint on: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** Where nothing came, the newest that the walk finds is the root of before the barrier, or the barrier itself. */
    private static boolean isNotBehind(ChainObject newest, ChainEnd end, BarrierMark known) {
        return end.link().equals(known.end().link())
                || !known.pieces().isEmpty()
                        && newest instanceof RootObject root
                        && root.height() < known.end().height()
                        && root.incarnation() <= known.standing().position().incarnation();
    }

    private static Optional<ShippedLog> continued(
            Bucket bucket,
            ChainEnd end,
            BarrierMark known,
            Collection<ShippedBarrier.Piece> pieces,
            Optional<ChainObject> newest)
            throws CorruptObjectException {
        long through = known.standing().sequence();
        if (pieces.stream().anyMatch(piece -> piece.lineage() && piece.first() <= through)) {
            return Optional.empty();
        }
        Start start = new Start(Optional.empty(), Optional.of(known));
        return Optional.of(new ShippedLog(bucket, end, start, ShippedBarrier.of(pieces, through), newest));
    }

    private static ShippedLog read(ChainWalk from, Bucket bucket, boolean whole) throws IOException {
        try (ChainWalk walk = from) {
            Deque<ShippedBarrier.Piece> pieces = new ArrayDeque<>();
            Optional<RootObject> usable = Optional.empty();
            Optional<ChainEnd> usableAt = Optional.empty();
            Optional<ChainObject> newest = walk.previous();
            Optional<ChainObject> object = newest;
            long bytes = 0;
            long counts = -1; // up to this sequence, what is reached counts; unknown before the first barrier
            while (object.isPresent() && !isEnough(whole, usable, pieces)) {
                if (object.get() instanceof LogObject log) {
                    bytes += log.body().length;
                    pieces.addFirst(ShippedBarrier.Piece.of(log, walk.at().orElseThrow(), bytes <= KEPT_BYTES));
                    counts = counts < 0 && log.barrier() ? log.lastSequence() : counts;
                    counts = log.lineage() ? Math.min(counts, log.firstSequence() - 1) : counts;
                } else if (usable.isEmpty() && isUsable((RootObject) object.get(), pieces, counts)) {
                    usable = Optional.of((RootObject) object.get());
                    usableAt = walk.at();
                    if (isEnough(whole, usable, pieces)) {
                        break;
                    }
                }
                object = walk.previous();
            }
            Optional<ChainEnd> rootAt = usableAt;
            Start start = new Start(usable, usable.map(root -> mark(root, rootAt.orElseThrow())));
            return new ShippedLog(bucket, walk.end(), start, ShippedBarrier.of(pieces, -1), newest);
        }
    }

    private static BarrierMark mark(RootObject root, ChainEnd at) {
        return new BarrierMark(
                at,
                new Shipper.Standing(
                        RootCounters.range(root).consistent(), root.created(), RootCounters.position(root)),
                List.of());
    }

    private static Optional<ShippedBarrier.Piece> newestBarrier(Collection<ShippedBarrier.Piece> pieces) {
        return pieces.stream().filter(ShippedBarrier.Piece::barrier).reduce((first, second) -> second);
    }

    /** Whether what counts goes beyond the root's dump; or nothing behind it counts, it needs no log, and no rebuild left it behind. */
    private static boolean isUsable(RootObject root, Collection<ShippedBarrier.Piece> behind, long counts) {
        long consistent = RootCounters.range(root).consistent();
        if (counts >= 0) {
            return consistent <= counts;
        }
        return RootCounters.isComplete(root)
                && behind.stream().noneMatch(piece -> piece.lineage() && piece.first() <= consistent);
    }

    private static boolean isEnough(boolean whole, Optional<RootObject> usable, Deque<ShippedBarrier.Piece> pieces) {
        if (!whole) { // A root that is usable without a barrier behind it is the newest barrier itself.
            return usable.isPresent() || newestBarrier(pieces).isPresent();
        }
        return usable.isPresent()
                && (RootCounters.isComplete(usable.get())
                        || !pieces.isEmpty()
                                && pieces.getFirst().first()
                                        <= RootCounters.range(usable.get()).applied() + 1);
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
        return start.root().isPresent()
                || !barriers.isEmpty() && barriers.get(0).pieces().get(0).first() == 1;
    }

    /** The checkpoint that a rebuild begins with; none if the log reaches back to the beginning. */
    public Optional<RootObject> root() {
        return start.root();
    }

    /** Where shipping stands: at the newest barrier, or at a complete root behind it. */
    public Shipper.Standing standing() {
        return newestBarrier()
                .map(BarrierMark::standing)
                .orElse(new Shipper.Standing(0, Instant.EPOCH, Logs.Position.START));
    }

    /** The newest barrier, or a checkpoint that needs none; empty if there is neither. */
    public Optional<BarrierMark> newestBarrier() {
        return barriers.isEmpty()
                ? start.mark()
                : Optional.of(barriers.get(barriers.size() - 1).mark());
    }

    /** The last log object that was seen, whether a barrier ends there or not; before all if there is none. */
    public Logs.Position newestPosition() {
        return newest.filter(LogObject.class::isInstance)
                .map(LogObject.class::cast)
                .map(log -> new Logs.Position(log.incarnation(), log.number()))
                .orElse(standing().position());
    }

    /** Whether {@link #records} above the barrier's sequence bring its rows to the newest one. */
    public boolean goesOnFrom(BarrierMark barrier) {
        Link link = barrier.end().link();
        return start.mark().filter(mark -> mark.end().link().equals(link)).isPresent()
                || barriers.stream().anyMatch(known -> known.last().end().link().equals(link));
    }

    /** Gives the records of all barriers above a sequence, in order. */
    public void records(long above, Journal.RecordVisitor visitor) throws IOException {
        for (ShippedBarrier barrier : barriers) {
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
        LogBody.Visitor<RuntimeException> visitor = item -> {
            if (!(item instanceof LogItem.Logged)) {
                overlay.add(item);
            }
        };
        if (!barriers.isEmpty()) {
            items(barriers.get(barriers.size() - 1), visitor);
        } else if (start.mark().isPresent()) {
            for (Logs.Position position : start.mark().get().pieces()) {
                items(bucket.logs().read(position), visitor);
            }
        }
        return overlay;
    }

    /**
     * A pack.
     *
     * @param header of its row in the metadata
     * @param size of the object in bytes
     */
    public record StoredPack(String objectKey, Bytes header, long size) {}

    /** The packs that the overlay at the newest barrier refers to: rows may not know them. */
    public List<StoredPack> overlayPacks() throws IOException {
        List<StoredPack> packs = new ArrayList<>();
        for (LogItem item : overlay()) {
            if (item instanceof LogItem.OverlayPack pack) {
                packs.add(new StoredPack(pack.objectKey(), pack.header(), pack.size()));
            }
        }
        return packs;
    }

    private void items(ShippedBarrier barrier, LogBody.Visitor<RuntimeException> visitor) throws IOException {
        for (ShippedBarrier.Piece piece : barrier.pieces()) {
            items(piece.kept().isPresent() ? piece.kept().get() : bucket.logs().read(piece.position()), visitor);
        }
    }

    private static void items(LogObject log, LogBody.Visitor<RuntimeException> visitor) throws IOException {
        try {
            LogBody.read(log.body(), log.firstSequence(), visitor);
        } catch (MalformedException e) {
            throw new CorruptObjectException(log.objectKey(), -1, e.getMessage(), e);
        }
    }
}
