package org.cairnfs.core.checkpoint;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketException;
import org.cairnfs.core.bucket.Chain;
import org.cairnfs.core.bucket.ChainEnd;
import org.cairnfs.core.bucket.ChunkRef;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.bucket.RootObject;
import org.cairnfs.core.crypto.KeyRing;
import org.cairnfs.core.data.pack.PackName;
import org.cairnfs.core.metadata.CheckpointSource;
import org.cairnfs.core.metadata.DumpRange;
import org.cairnfs.core.metadata.RowSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes checkpoints of the metadata into the bucket, each under a new root of the chain, and reads them.
 *
 * <p>A checkpoint is <i>complete</i> when nothing changed while it was taken and nothing was dirty: then it alone is the file
 * system at that moment. Any other needs the log from its first sequence on, up to a barrier behind its last.
 *
 * <p>Thread-safe: one checkpoint at a time, guarded by this monitor, which is held while the store is called; what is asked meanwhile
 * is of the newest one that is under its root. A pack is in {@code underWay} from before it is put until it is under a root.
 */
public final class Checkpoints {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final int BUFFER = 1 << 16;

    private final Bucket bucket;
    private final Chain chain;
    private final UUID stateDirectory;
    private final Clock clock;
    private final Set<PackName> underWay = ConcurrentHashMap.newKeySet();
    private long lastSequence;
    private volatile Optional<RootObject> newest;
    private volatile Optional<RootObject> taken = Optional.empty();

    private Checkpoints(Bucket bucket, Chain chain, UUID stateDirectory, Clock clock, Optional<RootObject> newest) {
        this.bucket = bucket;
        this.chain = chain;
        this.stateDirectory = stateDirectory;
        this.clock = clock;
        this.newest = newest;
        this.lastSequence = newest.map(RootObject::sequence).orElse(0L);
    }

    /**
     * Looks which root is the newest.
     *
     * @param chain that new roots are put into
     * @param stateDirectory id of the one who writes
     */
    public static Checkpoints open(Bucket bucket, Chain chain, UUID stateDirectory, Clock clock) throws IOException {
        return new Checkpoints(
                bucket, chain, stateDirectory, clock, bucket.roots().newest());
    }

    /** Gives all rows to a sink and says which stretch of the journal they belong to. */
    @FunctionalInterface
    public interface Dump {
        DumpRange dump(RowSink sink) throws IOException;
    }

    /**
     * Takes a checkpoint; it is durable in the bucket when this returns.
     *
     * @param shipped the last log object of the newest barrier, asked for before this call
     * @param complete whether the caller sees to it that nothing changes meanwhile and nothing is dirty
     * @return what it covers
     * @throws BucketException of kind HELD if a server that took the bucket since wrote a root: nothing more may be written
     */
    public synchronized DumpRange take(Dump dump, long incarnation, Logs.Position shipped, boolean complete)
            throws IOException, BucketException {
        CheckpointOutputStream chunks = new CheckpointOutputStream(
                bucket,
                SharedChunks.of(
                        newest.map(RootObject::chunks).orElse(List.of()),
                        bucket.keys().map(KeyRing::currentGeneration).orElse(0)),
                underWay::add);
        DumpRange range;
        RootObject root;
        try {
            range = write(dump, chunks);
            root = append(range, chunks.chunks(), incarnation, shipped, complete);
            newest = Optional.of(root);
            taken = newest;
        } finally {
            underWay.clear();
        }
        LOG.info(
                "checkpoint {}: {} chunks, {} bytes stored anew, journal up to {}, link {}",
                root.objectKey(),
                root.chunks().size(),
                chunks.storedBytes(),
                range.applied(),
                chain.end().link());
        return range;
    }

    private RootObject append(
            DumpRange range, List<ChunkRef> chunks, long incarnation, Logs.Position shipped, boolean complete)
            throws IOException {
        long sequence = RootObject.sequenceAfter(lastSequence, incarnation);
        lastSequence = sequence;
        return chain.append((ChainEnd end) -> new RootObject(
                        sequence,
                        incarnation,
                        clock.instant(),
                        end.link(),
                        chunks,
                        RootCounters.counters(range, complete, shipped, end),
                        RootCounters.properties(stateDirectory)))
                .object();
    }

    private static DumpRange write(Dump dump, CheckpointOutputStream chunks) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(chunks, BUFFER))) {
            CheckpointRows.Writer rows = new CheckpointRows.Writer(out);
            DumpRange range = dump.dump(rows);
            rows.end();
            return range;
        }
    }

    /** The newest root, whoever wrote it; does not wait for a checkpoint that is being taken. */
    public Optional<RootObject> newest() {
        return newest;
    }

    /** The root of the newest checkpoint that was taken here; does not wait for one that is being taken. */
    public Optional<RootObject> taken() {
        return taken;
    }

    /** Packs that were put, or are about to be, for a checkpoint that is not under a root yet. */
    public Set<PackName> packsUnderWay() {
        return Set.copyOf(underWay);
    }

    /** When the newest checkpoint was taken, in milliseconds since 1970. */
    public Optional<Long> takenAtMillis() {
        return newest.map(root -> root.created().toEpochMilli());
    }

    /** The height in the chain of the newest checkpoint's root; 0 if there is none. */
    public long newestHeight() {
        return newest.map(RootObject::height).orElse(0L);
    }

    /**
     * One root's checkpoint.
     *
     * @param progress told the bytes that were read so far
     */
    public static CheckpointSource.Checkpoint stored(Bucket bucket, RootObject root, LongConsumer progress) {
        return new Stored(bucket, root, progress);
    }

    /** A checkpoint in the bucket. */
    private record Stored(Bucket bucket, RootObject root, LongConsumer progress)
            implements CheckpointSource.Checkpoint {
        @Override
        public DumpRange range() {
            return RootCounters.range(root);
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
