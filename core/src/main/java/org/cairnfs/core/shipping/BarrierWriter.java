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
import org.cairnfs.core.record.RecordFormatException;

/**
 * Writes one barrier after the other into log objects of bounded size; the last object of each is the one that says so. Numbers
 * are never used again, whatever becomes of an object. Not thread-safe.
 */
final class BarrierWriter {
    /** Of a body before compression, about; a record may make it longer by 4 MiB. */
    private static final int BODY_TARGET = 4 << 20;

    private final Chain chain;
    private final Writer writer;
    private final ChunkCodec codec;
    private final Clock clock;
    private long number;
    private long objectFirst;
    private LogBody.Writer body;
    private RecordWindow window = new RecordWindow();
    private long writtenBytes;
    private boolean lineage;
    private ChainEnd newest = ChainEnd.START;

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

    /** Where the chain ended with the newest object; before the first of this start, at its beginning. */
    ChainEnd newest() {
        return newest;
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
        window = new RecordWindow();
        objectFirst = from;
        body = new LogBody.Writer(from);
        records(journal, from, to);
        for (LogItem item : overlay) {
            put(item, to);
        }
        end(to, true);
    }

    /** Reads the journal once, and writes window by window. */
    private void records(Journal journal, long from, long to)
            throws ObjectStoreException, BucketException, JournalFailedException, JournalCorruptException {
        try {
            journal.heads(from, to, (sequence, timeMillis, head, payload) -> {
                try {
                    if (window.isFull()) {
                        putWindow();
                    }
                    window.add(sequence, head);
                } catch (RecordFormatException | ObjectStoreException | BucketException e) {
                    throw new PassedException(e);
                }
            });
            putWindow();
        } catch (PassedException e) {
            throw e.unwrap();
        } catch (RecordFormatException e) {
            throw corrupt(e);
        }
    }

    private static JournalCorruptException corrupt(Throwable cause) {
        return new JournalCorruptException("a record of the journal cannot be read: " + cause.getMessage());
    }

    private void putWindow() throws RecordFormatException, ObjectStoreException, BucketException {
        RecordWindow full = window;
        window = new RecordWindow();
        full.forEach((sequence, record) -> put(new LogItem.Logged(sequence, record), sequence));
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
        newest = chain.append((ChainEnd end) -> new LogObject(
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
                        encoded))
                .end();
        lineage = false;
        writtenBytes += encoded.length;
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
            throw corrupt(getCause());
        }
    }
}
