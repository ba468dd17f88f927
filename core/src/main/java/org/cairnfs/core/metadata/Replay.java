package org.cairnfs.core.metadata;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.journal.JournalCorruptException;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.metadata.h2.Progress;
import org.cairnfs.core.metadata.row.CounterRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Versions;
import org.cairnfs.core.record.ContentOp;
import org.cairnfs.core.record.JournalRecord;
import org.cairnfs.core.record.JournalRecordCodec;
import org.cairnfs.core.record.RecordFormatException;
import org.cairnfs.core.record.RowChange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the tables from where they stand to the journal's end, in bounded batches: change sets above the applied sequence,
 * lazy rows and contents from the low mark on, origins of the last minutes. Older records are passed over.
 *
 * <p>The low mark in the database stays until the end, so a replay that is broken off is begun again as if it had not been.
 */
final class Replay {
    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);
    private static final int BATCH_ROWS = 4_000;

    private final Source source;
    private final Present present;
    private final Sinks sinks;
    private Progress from;
    private long records;
    private long newest;
    private long newestMillis;

    /** Records from this time on may be of requests that were not answered. */
    private long unansweredFrom;

    private boolean young;

    Replay(Source source, Present present, Sinks sinks) {
        this.source = source;
        this.present = present;
        this.sinks = sinks;
    }

    /** Who hears what is no row. */
    record Sinks(ContentReplay content, Unanswered unanswered) {
        /** Nobody. */
        static Sinks none() {
            return new Sinks((sequence, epoch, operation, payload) -> {}, new Unanswered());
        }
    }

    /** Gives records in order, from where they begin. */
    @FunctionalInterface
    interface Source {
        void replay(Journal.RecordVisitor visitor) throws IOException, JournalFailedException, JournalCorruptException;

        /** A time that the newest record is not older than, in milliseconds; the end of time where nobody asks for origins. */
        default long newestNotBefore() {
            return Long.MAX_VALUE;
        }

        /** All that a journal keeps. */
        static Source of(Journal journal) {
            return new Source() {
                @Override
                public void replay(Journal.RecordVisitor visitor)
                        throws JournalFailedException, JournalCorruptException {
                    journal.replay(journal.oldestSequence(), visitor);
                }

                @Override
                public long newestNotBefore() {
                    return journal.newestNotBefore();
                }
            };
        }
    }

    /**
     * Replays what a checkpoint's bucket has beyond where the tables stand.
     *
     * @return where they stand now
     */
    static Progress shipped(CheckpointSource.Checkpoint checkpoint, Present present, Progress progress)
            throws IOException, SQLException, JournalFailedException, JournalCorruptException {
        long through = checkpoint.shippedThrough();
        if (through <= progress.appliedSequence()) {
            return progress;
        }
        new Replay(checkpoint::shippedRecords, present, Sinks.none()).run(progress, through);
        return present.totals().progress(through, progress.lowSequence());
    }

    /**
     * Replays, and commits.
     *
     * @param progress where the tables stand
     * @param through the tables stand here at least afterwards, though the last records may not be given
     */
    void run(Progress progress, long through)
            throws IOException, SQLException, JournalFailedException, JournalCorruptException {
        from = progress;
        newest = progress.appliedSequence();
        unansweredFrom = source.newestNotBefore() - TimeUnit.MINUTES.toMillis(Unanswered.MAX_AGE_MINUTES);
        try {
            source.replay(this::visit);
        } catch (ReplayFailedException e) {
            throw e.unwrap();
        }
        newest = Math.max(newest, through);
        commit();
        sinks.unanswered().endedAt(newestMillis);
        if (records > 0) {
            LOG.info("Replayed {} records, up to {}", records, newest);
        }
    }

    private void visit(long sequence, long timeMillis, ByteBuffer head, Journal.PayloadRef payload) {
        try {
            newest = Math.max(newest, sequence);
            young |= timeMillis >= unansweredFrom;
            if (!young && sequence <= from.appliedSequence() && sequence < from.lowSequence()) {
                return;
            }
            JournalRecord record = JournalRecordCodec.decode(head.duplicate());
            noteOrigin(sequence, timeMillis, record);
            newestMillis = Math.max(newestMillis, timeMillis);
            if (applies(record, sequence)) {
                records++;
                List<Change> changes = present.changesOf(record.rows());
                if (record.kind() == JournalRecord.Kind.CHANGE_SET || isNewer(changes)) {
                    present.apply(changes);
                }
                present.forget(record.forgotten());
            }
            if (sequence >= from.lowSequence()) {
                long epoch = epoch(record);
                for (ContentOp op : record.content()) {
                    sinks.content().content(sequence, epoch, op, payload);
                }
            }
            if (present.batch().size() >= BATCH_ROWS) {
                commit();
            }
        } catch (RecordFormatException e) {
            throw new ReplayFailedException(new JournalCorruptException(
                    "record " + sequence + " of the journal cannot be read by this version: " + e.getMessage()));
        } catch (SQLException e) {
            throw new ReplayFailedException(e);
        }
    }

    /**
     * The epoch in which a record was journaled that changes contents: that of the inode whose content it is, as each such record has its new
     * image. The tables may be of a later one.
     */
    private long epoch(JournalRecord record) {
        return record.rows().stream()
                .filter(change -> change instanceof RowChange.Upsert upsert && upsert.row() instanceof InodeRow)
                .mapToLong(change -> Versions.born(((RowChange.Upsert) change).row()))
                .max()
                .orElse(present.epochs().present());
    }

    private void noteOrigin(long sequence, long timeMillis, JournalRecord record) {
        List<RowKey> keys = record.rows().stream()
                .filter(change -> !(change instanceof RowChange.Forget))
                .map(RowChange::key)
                .toList();
        sinks.unanswered().journaled(sequence, record.origin(), record.result(), timeMillis, keys);
        for (RowChange change : record.rows()) {
            if (change instanceof RowChange.Upsert upsert
                    && upsert.row() instanceof CounterRow counter
                    && counter.name().equals(Unanswered.ANSWERED)) {
                sinks.unanswered().answered(counter.value());
            }
        }
    }

    private boolean applies(JournalRecord record, long sequence) {
        return record.kind() == JournalRecord.Kind.CHANGE_SET
                ? sequence > from.appliedSequence()
                : sequence >= from.lowSequence();
    }

    /** Whether a lazy record says more than the tables. */
    private static boolean isNewer(List<Change> changes) {
        for (Change change : changes) {
            Optional<Row> before = change.before();
            if (before.isEmpty()
                    || ((InodeRow) before.get()).change()
                            >= ((InodeRow) change.after().orElseThrow()).change()) {
                return false;
            }
        }
        return true;
    }

    private void commit() throws SQLException {
        present.commit(newest, from.lowSequence());
    }

    /** Carries a checked exception through the journal's visitor. */
    private static final class ReplayFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final SQLException database;
        private final JournalCorruptException journal;

        ReplayFailedException(SQLException cause) {
            super(cause);
            database = cause;
            journal = null;
        }

        ReplayFailedException(JournalCorruptException cause) {
            super(cause);
            database = null;
            journal = cause;
        }

        /** Throws the one that is a journal's, gives the one that is the database's. */
        SQLException unwrap() throws JournalCorruptException {
            if (journal != null) {
                throw journal;
            }
            return database;
        }
    }
}
