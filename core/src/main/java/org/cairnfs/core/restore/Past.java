package org.cairnfs.core.restore;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketLayout;
import org.cairnfs.core.bucket.LogObject;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.gc.RestorePoints;
import org.cairnfs.core.gc.RootHead;
import org.cairnfs.core.gc.RootHeads;
import org.cairnfs.core.metadata.row.CheckpointRow;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.TreeLockRow;
import org.cairnfs.core.shipping.BarrierSearch;
import org.cairnfs.core.shipping.Rebuild;
import org.cairnfs.core.shipping.ShippedLog;

/**
 * What of the past is kept in a bucket: each barrier of the window, and restore points before it.
 *
 * <p>That is what the rows of the newest barrier say, and nothing else: an older object may still be there, and what it refers to be
 * gone. Whoever uses this sees to it that no garbage is collected meanwhile. Not thread-safe.
 */
public final class Past {
    private final Bucket bucket;
    private final ShippedLog present;
    private final Collection<Row> rows;
    private final List<Moment> points;

    private Past(Bucket bucket, ShippedLog present, Collection<Row> rows, List<Moment> points) {
        this.bucket = bucket;
        this.present = present;
        this.rows = rows;
        this.points = List.copyOf(points);
    }

    /**
     * Reads what the newest barrier knows of it.
     *
     * @param progress told bytes of metadata that were fetched
     * @return empty if there is nothing in the bucket that could be restored
     */
    public static Optional<Past> of(Bucket bucket, LongConsumer progress) throws IOException {
        ShippedLog present = ShippedLog.whole(bucket);
        if (!present.isRestorable()) {
            return Optional.empty();
        }
        Collection<Row> rows = RowsNow.of(new Rebuild(bucket, present, progress), Past::isOfInterest);
        return Optional.of(new Past(bucket, present, rows, points(bucket, rows)));
    }

    private static boolean isOfInterest(Row row) {
        return row instanceof CheckpointRow
                || row instanceof CounterRow
                || row instanceof PackRow
                || row instanceof TreeLockRow
                || row instanceof ChunkRow chunk && chunk.state() == ChunkState.SUSPECT;
    }

    private static List<Moment> points(Bucket bucket, Collection<Row> rows) throws IOException {
        List<Logs.Position> logs = bucket.logs().positions();
        RootHeads heads = new RootHeads(bucket);
        for (long sequence : bucket.roots().sequences()) {
            heads.head(sequence); // The chain goes through all of them.
        }
        List<Moment> points = new ArrayList<>();
        for (CheckpointRow row : of(rows, CheckpointRow.class)) {
            Optional<RootHead> head =
                    heads.head(BucketLayout.rootSequence(row.objectKey()).orElseThrow());
            if (head.isPresent()) {
                Optional<Logs.Position> barrier = heads.barrierBehind(head.get(), logs);
                if (barrier.isPresent()) {
                    points.add(moment(bucket, barrier.get()));
                }
            }
        }
        points.sort(Comparator.comparing(Moment::position));
        return points;
    }

    private static Moment moment(Bucket bucket, Logs.Position position) throws IOException {
        return Moment.of(BarrierSearch.Found.of(bucket.logs().read(position)));
    }

    private static <R extends Row> List<R> of(Collection<Row> rows, Class<R> type) {
        return rows.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** All rows of the newest barrier of a table that restoring takes over: packs, restore points, counters, tree locks, suspect chunks. */
    public <R extends Row> List<R> rows(Class<R> type) {
        return of(rows, type);
    }

    /** The chain as it is now. */
    public ShippedLog present() {
        return present;
    }

    /** The newest moment. */
    public Moment newest() {
        var standing = present.standing();
        return new Moment(standing.at(), standing.sequence(), standing.position());
    }

    /** The restore points, the oldest first; those of the window too. */
    public List<Moment> points() {
        return points;
    }

    /**
     * The oldest moment of the window: from there on each barrier can be restored. It is the first one behind the root of the floor; one
     * before that root may have the same sequence, and needs what is gone.
     */
    public Moment windowBegins() throws IOException {
        long floor = floor();
        Optional<Moment> first =
                points.stream().filter(point -> point.sequence() >= floor).findFirst();
        if (floor > 0) {
            return first.orElse(newest());
        }
        for (Logs.Position position : bucket.logs().positions()) {
            LogObject log = bucket.logs().read(position);
            if (log.barrier()) {
                return Moment.of(BarrierSearch.Found.of(log));
            }
        }
        return newest();
    }

    private long floor() {
        return rows(CounterRow.class).stream()
                .filter(counter -> counter.name().equals(RestorePoints.FLOOR))
                .mapToLong(CounterRow::value)
                .findFirst()
                .orElse(0);
    }

    /**
     * The newest moment at a time or before it.
     *
     * @param progress told how many objects of the log were looked at
     * @return empty if nothing that old is kept
     */
    public Optional<Moment> at(Instant time, LongConsumer progress) throws IOException {
        Moment begin = windowBegins();
        Optional<Moment> inWindow = time.isBefore(begin.at())
                ? Optional.empty()
                : BarrierSearch.before(bucket, time, begin.position(), progress).map(Moment::of);
        if (inWindow.isPresent()) {
            return inWindow;
        }
        return points.stream().filter(point -> !point.at().isAfter(time)).reduce((earlier, later) -> later);
    }

    /** What a machine needs that is to have the file system as of a moment. */
    public ShippedLog asOf(Moment moment) throws IOException {
        return ShippedLog.asOf(bucket, moment.position());
    }
}
