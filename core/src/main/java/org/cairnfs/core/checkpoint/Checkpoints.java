package org.cairnfs.core.checkpoint;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketException;
import org.cairnfs.core.bucket.Link;
import org.cairnfs.core.bucket.RootObject;
import org.cairnfs.core.bucket.Roots;
import org.cairnfs.core.metadata.CheckpointSource;
import org.cairnfs.core.metadata.DumpRange;
import org.cairnfs.core.metadata.RowSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes checkpoints of the metadata into the bucket, each under a new root, and finds the newest when the local database is
 * lost.
 *
 * <p>A checkpoint is <i>complete</i> when nothing changed while it was taken and nothing was dirty: then the bucket alone is the
 * file system at that moment. Any other needs the local journal from its first sequence on, and serves to rebuild a damaged
 * database where that journal is; so each root names the state directory that its journal is in.
 *
 * <p>Thread-safe: one checkpoint at a time, guarded by this monitor, which is held while the store is called.
 */
public final class Checkpoints {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final String APPLIED = "journal-applied";
    private static final String LOW = "journal-low";
    private static final String CONSISTENT = "journal-consistent";
    private static final String COMPLETE = "complete";
    private static final String WRITER = "state-directory";
    private static final int BUFFER = 1 << 16;

    private final Bucket bucket;
    private final Roots roots;
    private final Clock clock;
    private final UUID stateDirectory;
    private Optional<RootObject> newest;

    private Checkpoints(Bucket bucket, Clock clock, UUID stateDirectory, Optional<RootObject> newest) {
        this.bucket = bucket;
        this.roots = bucket.roots();
        this.clock = clock;
        this.stateDirectory = stateDirectory;
        this.newest = newest;
    }

    /**
     * Looks which root is the newest.
     *
     * @param stateDirectory id of the own state directory, with whose journal the checkpoints go
     */
    public static Checkpoints open(Bucket bucket, Clock clock, UUID stateDirectory) throws IOException {
        return new Checkpoints(bucket, clock, stateDirectory, bucket.roots().newest());
    }

    /** Gives all rows to a sink and says which stretch of the journal they belong to. */
    @FunctionalInterface
    public interface Dump {
        DumpRange dump(RowSink sink) throws IOException;
    }

    /**
     * Takes a checkpoint; it is durable in the bucket when this returns.
     *
     * @param complete whether the caller sees to it that nothing changes meanwhile and nothing is dirty
     * @return what it covers
     * @throws BucketException of kind HELD if another server wrote a root: nothing more may be written
     */
    public synchronized DumpRange take(Dump dump, long incarnation, boolean complete)
            throws IOException, BucketException {
        CheckpointOutputStream chunks = new CheckpointOutputStream(
                bucket, newest.map(RootObject::chunks).orElse(List.of()));
        DumpRange range;
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(chunks, BUFFER))) {
            CheckpointRows.Writer rows = new CheckpointRows.Writer(out);
            range = dump.dump(rows);
            rows.end();
        }
        SortedMap<String, Long> counters = new TreeMap<>();
        counters.put(APPLIED, range.applied());
        counters.put(LOW, range.low());
        counters.put(CONSISTENT, range.consistent());
        counters.put(COMPLETE, complete ? 1L : 0L);
        RootObject root = new RootObject(
                newest.map(before -> before.sequence() + 1).orElse(1L),
                incarnation,
                clock.instant(),
                newest.map(roots::link).orElse(Link.START),
                chunks.chunks(),
                counters,
                new TreeMap<>(Map.of(WRITER, stateDirectory.toString())));
        Link link = roots.write(root);
        newest = Optional.of(root);
        LOG.info(
                "checkpoint {}: {} chunks, {} bytes stored anew, journal up to {}, link {}",
                root.objectKey(),
                root.chunks().size(),
                chunks.storedBytes(),
                range.applied(),
                link);
        return range;
    }

    /** The link of the newest root; a server that remembers it notices a bucket that was rolled back. */
    public synchronized Optional<Link> link() {
        return newest.map(roots::link);
    }

    /** When the newest checkpoint was taken, in milliseconds since 1970. */
    public synchronized Optional<Long> takenAtMillis() {
        return newest.map(root -> root.created().toEpochMilli());
    }

    /** The stretch of the journal that the newest checkpoint covers. */
    public synchronized Optional<DumpRange> newestRange() {
        return newest.map(Checkpoints::range);
    }

    /** The number of the newest root; 0 if there is none. */
    public synchronized long newestSequence() {
        return newest.map(RootObject::sequence).orElse(0L);
    }

    /** Whether the newest root was written with the journal of the own state directory; false if there is none. */
    public synchronized boolean isNewestOwn() {
        return newest.map(root -> root.properties().getOrDefault(WRITER, stateDirectory.toString()))
                .map(stateDirectory.toString()::equals)
                .orElse(false);
    }

    /** Who wrote the newest root, and when, for a person. */
    public synchronized String newestWriter() {
        return newest.map(root -> root.objectKey() + " was written at " + root.created()
                        + " with the state directory of id "
                        + root.properties().getOrDefault(WRITER, "unknown"))
                .orElse("there is no root");
    }

    /**
     * The newest checkpoint for a server that has its journal: its own, or else the complete one with which it began.
     *
     * @param progress told the bytes that were read so far
     */
    public CheckpointSource withJournal(LongConsumer progress) throws IOException {
        return isNewestOwn() ? () -> newest().map(root -> new Stored(bucket, root, progress)) : alone(progress);
    }

    /**
     * The newest complete checkpoint, for a server that has nothing but the bucket.
     *
     * @param progress told the bytes that were read so far
     */
    public CheckpointSource alone(LongConsumer progress) throws IOException {
        List<Long> sequences = roots.sequences();
        for (int i = sequences.size() - 1; i >= 0; i--) {
            RootObject root = roots.read(sequences.get(i));
            if (root.counters().getOrDefault(COMPLETE, 0L) == 1) {
                return () -> Optional.of(new Stored(bucket, root, progress));
            }
        }
        return CheckpointSource.NONE;
    }

    private synchronized Optional<RootObject> newest() {
        return newest;
    }

    private static DumpRange range(RootObject root) {
        SortedMap<String, Long> counters = root.counters();
        return new DumpRange(
                counters.getOrDefault(APPLIED, 0L),
                counters.getOrDefault(LOW, 1L),
                counters.getOrDefault(CONSISTENT, 0L));
    }

    /** A checkpoint in the bucket. */
    private record Stored(Bucket bucket, RootObject root, LongConsumer progress)
            implements CheckpointSource.Checkpoint {
        @Override
        public DumpRange range() {
            return Checkpoints.range(root);
        }

        @Override
        public void rows(RowSink sink) throws IOException {
            try (DataInputStream in = new DataInputStream(
                    new BufferedInputStream(new CheckpointInputStream(bucket, root, progress), BUFFER))) {
                CheckpointRows.read(in, sink);
            }
        }
    }
}
