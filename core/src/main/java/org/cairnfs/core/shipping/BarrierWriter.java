package org.cairnfs.core.shipping;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.cairnfs.core.bucket.BucketException;
import org.cairnfs.core.bucket.Chain;
import org.cairnfs.core.bucket.ChainEnd;
import org.cairnfs.core.bucket.LogObject;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.data.codec.ChunkCodec;
import org.cairnfs.core.fs.Bytes;
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

    /** Rows of records among which what was overtaken is left out, about; bounds the heap that this takes, to some 15 MB. */
    static final int WINDOW_ROWS = 100_000;

    /** And bytes of these records. */
    private static final int WINDOW_BYTES = 8 << 20;

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
        records(journal, from, to);
        for (LogItem item : overlay) {
            put(item, to);
        }
        end(to, true);
    }

    /** Reads the journal once, and writes window by window. */
    private void records(Journal journal, long from, long to)
            throws ObjectStoreException, BucketException, JournalFailedException, JournalCorruptException {
        Window[] window = {new Window()};
        try {
            journal.heads(from, to, (sequence, timeMillis, head, payload) -> {
                try {
                    if (window[0].isFull()) {
                        put(window[0]);
                        window[0] = new Window();
                    }
                    window[0].add(sequence, head);
                } catch (RecordFormatException | ObjectStoreException | BucketException e) {
                    throw new PassedException(e);
                }
            });
            put(window[0]);
        } catch (PassedException e) {
            throw e.unwrap();
        } catch (RecordFormatException e) {
            throw corrupt(e);
        }
    }

    private static JournalCorruptException corrupt(Throwable cause) {
        return new JournalCorruptException("a record of the journal cannot be read: " + cause.getMessage());
    }

    private void put(Window window) throws RecordFormatException, ObjectStoreException, BucketException {
        NewestChanges.Filter filter = window.newest.filter();
        for (int i = 0; i < window.heads.size(); i++) {
            long sequence = window.sequences.get(i);
            JournalRecord record = filter.reduce(
                    sequence, JournalRecordCodec.decode(window.heads.get(i).asBuffer()));
            if (!record.rows().isEmpty()) {
                put(new LogItem.Logged(sequence, record), sequence);
            }
        }
    }

    /** Records that follow each other, as bytes: decoded, they would take ten times as much. */
    private static final class Window {
        private final NewestChanges newest = new NewestChanges();
        private final List<Long> sequences = new ArrayList<>();
        private final List<Bytes> heads = new ArrayList<>();
        private long bytes;

        boolean isFull() {
            return newest.rows() >= WINDOW_ROWS || bytes >= WINDOW_BYTES;
        }

        void add(long sequence, ByteBuffer head) throws RecordFormatException {
            byte[] copy = new byte[head.remaining()];
            head.duplicate().get(copy);
            newest.note(sequence, JournalRecordCodec.decode(head));
            sequences.add(sequence);
            heads.add(Bytes.ofTrusted(copy));
            bytes += copy.length;
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
