package org.cairnfs.core.shipping;

import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.cairnfs.core.bucket.BucketException;
import org.cairnfs.core.bucket.Chain;
import org.cairnfs.core.bucket.ChainEnd;
import org.cairnfs.core.bucket.LogObject;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.data.codec.ChunkCodec;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.journal.JournalCorruptException;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.record.JournalRecord;
import org.cairnfs.core.record.JournalRecordCodec;
import org.cairnfs.core.record.RecordFormatException;

/**
 * Writes one barrier after the other into log objects of bounded size; the last object of each is the one that says so. Numbers
 * are never used again, whatever becomes of an object. Not thread-safe.
 */
final class BarrierWriter {
    /** Of a body before compression, about; a record may make it longer by 4 MiB. */
    private static final int BODY_TARGET = 4 << 20;

    /** Records among which what was overtaken is left out, at most. */
    private static final int WINDOW = 20_000;

    /** And different rows in them, about; bounds the heap that this takes, to some 15 MB. */
    static final int WINDOW_ROWS = 100_000;

    private final Chain chain;
    private final Writer writer;
    private final ChunkCodec codec;
    private final Clock clock;
    private long number;
    private long objectFirst;
    private LogBody.Writer body;
    private long writtenBytes;
    private boolean lineage;

    /**
     * Who writes.
     *
     * @param incarnation of this start
     * @param stateDirectory its id
     */
    record Writer(long incarnation, UUID stateDirectory) {}

    BarrierWriter(Chain chain, Writer writer, ChunkCodec codec, Clock clock) {
        this.chain = chain;
        this.writer = writer;
        this.codec = codec;
        this.clock = clock;
    }

    /** The next object begins a lineage. */
    void beginLineage() {
        lineage = true;
    }

    /** Where the newest object stands. */
    Logs.Position position() {
        return new Logs.Position(writer.incarnation(), number);
    }

    /** Bytes of bodies that were put. */
    long writtenBytes() {
        return writtenBytes;
    }

    /**
     * Writes a barrier; it is durable in the bucket when this returns.
     *
     * @param from first sequence that is not shipped yet
     * @param to the barrier's sequence; synced
     */
    void write(Journal journal, long from, long to, List<LogItem> overlay)
            throws ObjectStoreException, BucketException, JournalFailedException, JournalCorruptException {
        objectFirst = from;
        body = new LogBody.Writer(from);
        for (long first = from; first <= to; ) {
            first = records(journal, first, Math.min(to, first + WINDOW - 1)) + 1;
        }
        for (LogItem item : overlay) {
            put(item, to);
        }
        end(to, true);
    }

    /** Writes records up to the end of a window; gives the last one. */
    private long records(Journal journal, long from, long to)
            throws ObjectStoreException, BucketException, JournalFailedException, JournalCorruptException {
        NewestChanges newest = new NewestChanges();
        try {
            long last = note(journal, from, to, newest);
            NewestChanges.Filter filter = newest.filter();
            journal.heads(from, last, (sequence, timeMillis, head, payload) -> {
                try {
                    JournalRecord record = filter.reduce(sequence, JournalRecordCodec.decode(head));
                    if (!record.rows().isEmpty()) {
                        put(new LogItem.Logged(sequence, record), sequence);
                    }
                } catch (RecordFormatException | ObjectStoreException | BucketException e) {
                    throw new PassedException(e);
                }
            });
            return last;
        } catch (PassedException e) {
            throw e.unwrap();
        }
    }

    /** Notes the changes of records, while they are not too many; gives the last record that was noted. */
    private static long note(Journal journal, long from, long to, NewestChanges newest)
            throws JournalFailedException, JournalCorruptException {
        try {
            journal.heads(from, to, (sequence, timeMillis, head, payload) -> {
                if (newest.rows() >= WINDOW_ROWS) {
                    throw new WindowFullException(sequence - 1);
                }
                try {
                    newest.note(sequence, JournalRecordCodec.decode(head));
                } catch (RecordFormatException e) {
                    throw new PassedException(e);
                }
            });
            return to;
        } catch (WindowFullException e) {
            return e.last;
        }
    }

    private void put(LogItem item, long through) throws ObjectStoreException, BucketException {
        if (body.length() >= BODY_TARGET) {
            // The item is of the next object: through is the first sequence that this one does not hold, or the
            // barrier's own.
            end(item instanceof LogItem.Logged ? through - 1 : through, false);
            objectFirst = item instanceof LogItem.Logged ? through : through + 1;
            body = new LogBody.Writer(objectFirst);
        }
        body.put(item);
    }

    private void end(long last, boolean barrier) throws ObjectStoreException, BucketException {
        byte[] encoded = body.encode(codec);
        number++;
        chain.append((ChainEnd end) -> new LogObject(
                writer.incarnation(),
                number,
                writer.stateDirectory(),
                clock.instant(),
                end.height() + 1,
                end.link(),
                objectFirst,
                Math.max(last, objectFirst - 1),
                barrier,
                lineage,
                encoded));
        lineage = false;
        writtenBytes += encoded.length;
    }

    /** Ends a visit of the journal early. */
    private static final class WindowFullException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final long last;

        WindowFullException(long last) {
            super(null, null, false, false);
            this.last = last;
        }
    }

    /** Carries a checked exception through the journal's visitor. */
    private static final class PassedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PassedException(Exception cause) {
            super(cause);
        }

        RuntimeException unwrap() throws ObjectStoreException, BucketException, JournalCorruptException {
            if (getCause() instanceof ObjectStoreException store) {
                throw store;
            }
            if (getCause() instanceof BucketException bucket) {
                throw bucket;
            }
            throw corrupt();
        }

        JournalCorruptException corrupt() {
            return new JournalCorruptException(
                    "a record of the journal cannot be read: " + getCause().getMessage());
        }
    }
}
