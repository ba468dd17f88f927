package org.cairnfs.core.view;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.metadata.CheckpointSource;
import org.cairnfs.core.metadata.DumpRange;
import org.cairnfs.core.metadata.MetadataLostException;
import org.cairnfs.core.metadata.RowSink;
import org.cairnfs.core.metadata.ShippedDatabase;
import org.cairnfs.core.metadata.h2.Database;
import org.cairnfs.core.metadata.h2.DatabaseOptions;
import org.cairnfs.core.shipping.BarrierMark;
import org.cairnfs.core.shipping.Rebuild;
import org.cairnfs.core.shipping.ShippedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of a file system as of a barrier in its bucket, without that barrier's overlay, in a database that is closed but while it
 * is brought on. Used by one thread at a time.
 */
final class ViewBase {
    private static final Logger LOG = LoggerFactory.getLogger(ViewBase.class);
    private static final long ROW_CACHE_BYTES = 16L << 20;

    private final Bucket bucket;
    private final ViewDirectory directory;
    private final ShippedDatabase database;

    ViewBase(Bucket bucket, ViewDirectory directory, DatabaseOptions options) {
        this.bucket = bucket;
        this.directory = directory;
        this.database = new ShippedDatabase(directory.database(), options, ROW_CACHE_BYTES);
    }

    /**
     * Brings it to the newest barrier of a log: on from where it stands, if the log passes through that, else from the log's checkpoint.
     *
     * @param progress told the bytes of metadata that were fetched for a checkpoint
     * @throws MetadataLostException if what is there cannot be used, and the log does not reach back far enough to do without
     */
    BarrierMark bring(ShippedLog log, LongConsumer progress) throws IOException {
        BarrierMark wanted = log.newestBarrier().orElseThrow();
        Optional<BaseState> present = directory.base();
        boolean whole = !directory.isUnfinished() && Database.exists(directory.database());
        if (whole
                && present.filter(base -> base.barrier().end().equals(wanted.end()))
                        .isPresent()) {
            return wanted;
        }
        Optional<BarrierMark> from = present.map(BaseState::barrier).filter(log::goesOnFrom);
        Optional<BarrierMark> through =
                whole ? from : directory.unfinished().map(BaseState::barrier).filter(log::goesOnFrom);
        BaseState next = new BaseState(
                wanted,
                Math.max(log.end().height(), present.map(BaseState::highest).orElse(0L)));
        directory.beginBase(next);
        if (from.isEmpty() || through.isEmpty() || !isContinued(from.get(), through.get(), log)) {
            if (!log.isRestorable()) {
                throw new MetadataLostException("the metadata has to be fetched from a checkpoint", null);
            }
            database.fill(new Rebuild(bucket, log, progress));
        }
        directory.endBase(next);
        return wanted;
    }

    private boolean isContinued(BarrierMark from, BarrierMark through, ShippedLog log) throws IOException {
        long above = from.standing().sequence();
        try {
            database.goOn(above, through.standing().sequence(), new Newer(above, log));
            return true;
        } catch (MetadataLostException e) {
            LOG.warn("{}; it is fetched from the bucket again", e.getMessage());
            return false;
        }
    }

    /** Copies the database's file, for a view; it is closed now. */
    void copyTo(Path target) throws IOException {
        Files.copy(Database.file(directory.database()), Database.file(target));
    }

    /** The records of a log above a sequence. */
    private record Newer(long from, ShippedLog log) implements CheckpointSource.Checkpoint {
        @Override
        public DumpRange range() {
            return new DumpRange(from, from + 1, from);
        }

        @Override
        public void rows(RowSink sink) {
            throw new IllegalStateException("rows are asked of records");
        }

        @Override
        public long shippedThrough() {
            return log.standing().sequence();
        }

        @Override
        public void shippedRecords(Journal.RecordVisitor visitor) throws IOException {
            log.records(from, visitor);
        }
    }
}
