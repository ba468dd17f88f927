package org.cairnfs.core.shipping;

import java.io.IOException;
import java.util.function.LongConsumer;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.checkpoint.Checkpoints;
import org.cairnfs.core.checkpoint.RootCounters;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.metadata.CheckpointSource;
import org.cairnfs.core.metadata.DumpRange;
import org.cairnfs.core.metadata.RowSink;

/** The rows of a file system that is rebuilt from nothing but its bucket: a checkpoint, if there is one, and the shipped records. */
public final class Rebuild implements CheckpointSource.Checkpoint {
    private final Bucket bucket;
    private final ShippedLog log;
    private final long through;
    private final LongConsumer progress;

    /** @param progress told the bytes of metadata that were fetched so far */
    public Rebuild(Bucket bucket, ShippedLog log, LongConsumer progress) {
        this(bucket, log, log.standing().sequence(), progress);
    }

    /** @param through the sequence that the rows count as of: that of the log's newest barrier or a later one */
    public Rebuild(Bucket bucket, ShippedLog log, long through, LongConsumer progress) {
        this.bucket = bucket;
        this.log = log;
        this.through = through;
        this.progress = progress;
    }

    @Override
    public DumpRange range() {
        return log.root().map(RootCounters::range).orElse(new DumpRange(0, 1, 0));
    }

    @Override
    public void rows(RowSink sink) throws IOException {
        if (log.root().isPresent()) {
            Checkpoints.stored(bucket, log.root().get(), progress).rows(sink);
        }
    }

    @Override
    public long shippedThrough() {
        return through;
    }

    @Override
    public void shippedRecords(Journal.RecordVisitor visitor) throws IOException {
        log.records(range().applied(), visitor);
    }
}
