package org.cairnfs.core.shipping;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.bucket.BucketException;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.record.JournalRecord;
import org.cairnfs.core.record.JournalRecordCodec;
import org.cairnfs.core.record.RecordFormatException;

/**
 * Records that follow each other, among which what a later one sets anew is left out. They are kept as bytes: decoded, they would
 * take ten times as much heap. Not thread-safe.
 */
final class RecordWindow {
    /** Rows of all records, about; bounds the heap that this takes, to some 15 MB. */
    static final int MAX_ROWS = 100_000;

    /** And bytes. */
    private static final int MAX_BYTES = 8 << 20;

    private final NewestChanges newest = new NewestChanges();
    private final List<Head> heads = new ArrayList<>();
    private long bytes;

    /** A record, encoded, without its payload. */
    private record Head(long sequence, ByteBuffer bytes) {}

    /** Takes what is left of a record. */
    @FunctionalInterface
    interface Target {
        void put(long sequence, JournalRecord record) throws ObjectStoreException, BucketException;
    }

    boolean isFull() {
        return newest.rows() >= MAX_ROWS || bytes >= MAX_BYTES;
    }

    /** @param head copied */
    void add(long sequence, ByteBuffer head) throws RecordFormatException {
        ByteBuffer copy =
                ByteBuffer.allocate(head.remaining()).put(head.duplicate()).flip();
        newest.note(sequence, JournalRecordCodec.decode(head));
        heads.add(new Head(sequence, copy));
        bytes += copy.remaining();
    }

    /** Gives the records that have rows left, in order. */
    void forEach(Target target) throws RecordFormatException, ObjectStoreException, BucketException {
        NewestChanges.Filter filter = newest.filter();
        for (Head head : heads) {
            JournalRecord record = filter.reduce(
                    head.sequence(), JournalRecordCodec.decode(head.bytes().duplicate()));
            if (!record.rows().isEmpty()) {
                target.put(head.sequence(), record);
            }
        }
    }
}
