package org.cairnfs.core.volume;

import com.google.common.collect.Iterables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.journal.FileJournal;
import org.cairnfs.core.journal.JournalCorruptException;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.journal.NioJournalFiles;
import org.cairnfs.core.metadata.CheckpointSource;
import org.cairnfs.core.metadata.DumpRange;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.Rows;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.CheckpointRow;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.TreeLockRow;
import org.cairnfs.core.restore.Moment;
import org.cairnfs.core.restore.Past;
import org.cairnfs.core.shipping.OverlayRestore;
import org.cairnfs.core.shipping.Rebuild;
import org.cairnfs.core.shipping.ShippedLog;
import org.cairnfs.core.shipping.Shipper;
import org.cairnfs.core.treelock.LockClock;
import org.cairnfs.core.treelock.TreeLocks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a file system back to an earlier moment, in a new state directory; the bucket goes on from there, and what came since stays
 * restorable like any other moment.
 *
 * <p>The files are those of the moment. What the garbage collector goes by is of the present: restore points, the floor, and the packs that
 * came since, which count as retired at the present's newest barrier, so that they stay as long as that can be restored. Sequences
 * go on behind the present's. The rows as they are then go into the bucket as a complete checkpoint, and with its root, not before, the
 * bucket has gone back. {@code docs/garbage-collection.md} says why nothing is lost by it.
 *
 * <p>Used once, by one thread.
 */
public final class MomentRestore {
    private static final Logger LOG = LoggerFactory.getLogger(MomentRestore.class);
    private static final int ROWS_PER_MUTATION = 500;

    /** A counter: the sequence at which the file system went back last. */
    private static final String RESTORED = "restored";

    private final Opening opening;
    private final LongConsumer progress;

    private MomentRestore(Opening opening, LongConsumer progress) {
        this.opening = opening;
        this.progress = progress;
    }

    /** Chooses a moment; called when the bucket is ours, so that nothing of it goes any more. */
    @FunctionalInterface
    public interface Choice {
        /** @throws VolumeException if there is none */
        Moment of(Past past) throws IOException, VolumeException;
    }

    /**
     * Does it; the new state directory can be served when this returns.
     *
     * @param bucket taken over: closed with this
     * @param stateDirectory without a file system in it, locked by the caller
     * @param progress told bytes of metadata that were fetched
     */
    public static Moment run(
            Bucket bucket, Path stateDirectory, Choice choice, VolumeOptions options, LongConsumer progress)
            throws VolumeException {
        Opening opening = new Opening(bucket, stateDirectory, NioJournalFiles::in, options);
        Moment[] moment = new Moment[1];
        try {
            Opening.told(() -> moment[0] = new MomentRestore(opening, progress).run(choice));
            return moment[0];
        } finally {
            opening.leave();
            opening.undo();
        }
    }

    private Moment run(Choice choice)
            throws IOException, VolumeException, FsException, JournalFailedException, JournalCorruptException {
        LocalState state = opening.state;
        if (FileJournal.exists(opening.journalPlace.in(state.journal())) && !state.isUnfinished()) {
            throw new VolumeException(
                    VolumeException.Kind.STATE_MISMATCH,
                    "there is a file system in the state directory " + state.directory()
                            + " already; give --state a new one");
        }
        LocalIdentity identity = opening.takeLease();
        state.discardUnfinished();
        Past past = Past.of(opening.bucket, progress)
                .orElseThrow(() -> new VolumeException(
                        VolumeException.Kind.STATE_MISMATCH,
                        opening.bucket.store().describe() + " holds no complete checkpoint: nothing can be restored"));
        Moment moment = choice.of(past);
        opening.openChain(identity, past.present());
        state.beginRebuild();
        ShippedLog then = past.asOf(moment);
        rows(identity, past, then);
        contents(past, then);
        publish(identity, past.present());
        state.endRebuild();
        LOG.info("{} has the file system as of {}", state.directory(), moment.at());
        return moment;
    }

    /** The rows of the moment, and with them what the present knows of the bucket; numbers go on behind the present's. */
    private void rows(LocalIdentity identity, Past past, ShippedLog then)
            throws IOException, VolumeException, FsException, JournalFailedException, JournalCorruptException {
        long through = past.newest().sequence();
        opening.openJournal(identity, through + 1);
        opening.openMetadata(identity, () -> Optional.of(new Rebuild(opening.bucket, then, through, progress)));
        Set<String> dirtyThen = new HashSet<>();
        then.overlayPacks().forEach(pack -> dirtyThen.add(pack.objectKey()));
        takeOver(past, dirtyThen, through);
        opening.metadata.close();
        opening.openMetadata(identity, CheckpointSource.NONE); // Numbers go on behind the counters.
        treeLocks(past);
        overlayPacks(past, dirtyThen, through);
    }

    /** What is immutable now stays so, for as long as it is now: so it must have been at the moment, and as it is. */
    private void treeLocks(Past past) throws FsException, VolumeException {
        LockClock clock = opening.lockClock(past.rows(CounterRow.class));
        List<TreeLockRow> then = Rows.all(opening.metadata.view(), TreeLockRow.class);
        for (TreeLockRow lock : past.rows(TreeLockRow.class)) {
            if (clock.isInForce(lock)) {
                TreeLockRow kept = then.stream()
                        .filter(row -> row.lock() == lock.lock())
                        .findFirst()
                        .orElseThrow(() -> new VolumeException(
                                VolumeException.Kind.LOCKED,
                                "tree lock " + TreeLocks.describe(lock)
                                        + ", and came after that moment: going back there would undo it"));
                put(List.of(kept.withUntil(lock.untilMillis())));
            }
        }
    }

    private void takeOver(Past past, Set<String> dirtyThen, long through) throws FsException {
        MetadataStore metadata = opening.metadata;
        Map<String, Long> counters = new HashMap<>();
        for (CounterRow counter :
                Iterables.concat(Rows.all(metadata.view(), CounterRow.class), past.rows(CounterRow.class))) {
            counters.merge(counter.name(), counter.value(), Math::max);
        }
        put(counters.entrySet().stream()
                .map(counter -> new CounterRow(counter.getKey(), counter.getValue()))
                .toList());
        put(past.rows(PackRow.class).stream()
                .filter(pack -> metadata.view().pack(pack.pack()).isEmpty())
                .map(pack -> dirtyThen.contains(pack.objectKey()) ? pending(pack) : retired(pack, through))
                .toList());
        for (CheckpointRow before : Rows.all(metadata.view(), CheckpointRow.class)) {
            metadata.mutate(transaction -> {
                transaction.delete(before.key());
                return null;
            });
        }
        put(past.rows(CheckpointRow.class));
    }

    /**
     * The overlay of the moment refers to it: it is adopted with the number that it has, by which restore points know it. A second row, of one
     * that is retired, would have the object deleted.
     */
    private static PackRow pending(PackRow pack) {
        return new PackRow(pack.pack(), pack.objectKey(), pack.header(), pack.size(), 0, false, ChunkState.PENDING, 0);
    }

    private static PackRow retired(PackRow pack, long through) {
        return pack.state() == ChunkState.RETIRING
                ? pack
                : pack.withLiveBytes(0, through).retired(through);
    }

    /** Chunks that turned out to be damaged since. */
    private void suspects(Past past) throws FsException {
        MetadataStore metadata = opening.metadata;
        put(past.rows(ChunkRow.class).stream()
                .flatMap(damaged -> metadata
                        .view()
                        .chunk(damaged.chunk())
                        .filter(chunk -> chunk.pack() == damaged.pack() && chunk.packOffset() == damaged.packOffset())
                        .map(chunk -> chunk.withState(damaged.state()))
                        .stream())
                .toList());
    }

    private void put(List<? extends Row> rows) throws FsException {
        for (int from = 0; from < rows.size(); from += ROWS_PER_MUTATION) {
            List<? extends Row> part = rows.subList(from, Math.min(rows.size(), from + ROWS_PER_MUTATION));
            opening.metadata.mutate((Transaction transaction) -> {
                part.forEach(transaction::put);
                return null;
            });
        }
    }

    /** What was dirty at the moment. It may refer to chunks that are damaged by now, but what is stored here must not. */
    private void contents(Past past, ShippedLog then) throws IOException, FsException {
        opening.openData();
        OverlayRestore.run(then, opening.metadata, opening.contents);
        suspects(past);
        opening.data.flusher().flushAll(left -> {});
    }

    /** Packs that no row of the present has: they were stored while its newest barrier was made. Those of the moment come with its overlay. */
    private void overlayPacks(Past past, Set<String> dirtyThen, long through) throws IOException, FsException {
        Set<String> known = new HashSet<>(dirtyThen);
        Rows.visit(opening.metadata.view(), PackRow.class, pack -> {
            known.add(pack.objectKey());
            return true;
        });
        for (ShippedLog.StoredPack pack : past.present().overlayPacks()) {
            if (!known.contains(pack.objectKey())) {
                opening.metadata.mutate(transaction -> {
                    transaction.put(new PackRow(
                            transaction.newPack(),
                            pack.objectKey(),
                            pack.header(),
                            pack.size(),
                            0,
                            false,
                            ChunkState.RETIRING,
                            through));
                    return null;
                });
            }
        }
    }

    /** The bucket goes back: whoever opens it from now on finds this. A barrier behind it tells those who follow the log. */
    private void publish(LocalIdentity identity, ShippedLog present)
            throws IOException, FsException, JournalFailedException, JournalCorruptException {
        opening.lease.check();
        DumpRange range = opening.checkpoints.take(
                opening.metadata::dump,
                opening.journal.incarnation(),
                present.standing().position(),
                true);
        opening.openShipper(
                identity,
                new Shipper.Standing(
                        range.consistent(),
                        opening.options.clock().instant(),
                        present.standing().position()));
        put(List.of(new CounterRow(RESTORED, range.consistent())));
        opening.shipper.ship();
    }
}
