package org.cairnfs.core.record;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.cairnfs.core.fs.Bytes;

/**
 * Many records together, without origins and contents, by columns: a third of what they take one by one, once compressed.
 *
 * <p>Layout: the structure (length, bytes): of each record its sequence less the one before (varint), kind and number of rows
 * (varint: twice the number, and 1 more for a lazy one), and of each row its tag (1 byte, {@link RowChanges});
 * then the number of kinds of rows (varint), each: such a tag, the number of columns (varint), each: numbers (length, bytes)
 * and bytes (length, bytes). Every field is a column: a
 * number is a signed varint, the difference to the one before; of bytes, the length is such a number, -1 for none.
 */
public final class RecordBlock {
    private RecordBlock() {}

    /** Takes records. */
    public interface Visitor<X extends Exception> {
        void record(long sequence, JournalRecord record) throws X;
    }

    /** Puts records together. Used by one thread. */
    public static final class Writer {
        private final RecordWriter structure = new RecordWriter();
        private final Map<Integer, ColumnWriter> kinds = new TreeMap<>();
        private long sequence;
        private int length;

        /** @param firstSequence from which the first record's sequence is counted */
        public Writer(long firstSequence) {
            sequence = firstSequence;
        }

        /** Bytes so far, about. */
        public int length() {
            return length;
        }

        /** Adds a record behind the last one; its origin, result and contents are left out. */
        public void put(long recordSequence, JournalRecord record) {
            int lazy = record.kind() == JournalRecord.Kind.LAZY ? 1 : 0;
            structure
                    .putVarint(recordSequence - sequence)
                    .putVarint(record.rows().size() * 2L + lazy);
            sequence = recordSequence;
            for (RowChange change : record.rows()) {
                int kind = RowChanges.tag(change);
                structure.putByte(kind);
                ColumnWriter columns = kinds.computeIfAbsent(kind, key -> new ColumnWriter());
                int before = columns.length();
                columns.beginRow();
                RowChanges.writeFields(columns, change);
                length += columns.length() - before;
            }
        }

        public void writeTo(RecordWriter out) {
            out.putBytes(structure.toBytes()).putVarint(kinds.size());
            kinds.forEach((kind, columns) -> {
                out.putByte(kind);
                columns.writeTo(out);
            });
        }
    }

    /** Gives all records of a block, in order. */
    public static <X extends Exception> void read(RecordReader in, long firstSequence, Visitor<X> visitor)
            throws X, RecordFormatException {
        RecordReader structure = new RecordReader(in.readBytes().asBuffer());
        Map<Integer, ColumnReader> kinds = new TreeMap<>();
        for (int count = in.readInt(); count > 0; count--) {
            kinds.put(in.readByte(), new ColumnReader(in));
        }
        long sequence = firstSequence;
        while (structure.remaining() > 0) {
            sequence += structure.readVarint();
            long head = structure.readVarint();
            if (head >>> 1 > structure.remaining()) {
                throw new RecordFormatException("a record of " + (head >>> 1) + " rows, where there are fewer");
            }
            List<RowChange> rows = new ArrayList<>();
            for (long i = head >>> 1; i > 0; i--) {
                rows.add(change(structure.readByte(), kinds));
            }
            visitor.record(
                    sequence,
                    new JournalRecord(
                            (head & 1) == 1 ? JournalRecord.Kind.LAZY : JournalRecord.Kind.CHANGE_SET,
                            rows,
                            List.of(),
                            Optional.empty(),
                            Bytes.EMPTY));
        }
        for (ColumnReader columns : kinds.values()) {
            columns.end();
        }
    }

    private static RowChange change(int kind, Map<Integer, ColumnReader> kinds) throws RecordFormatException {
        ColumnReader columns = kinds.get(kind);
        if (columns == null) {
            throw new RecordFormatException("a change of kind " + kind + " without columns");
        }
        columns.beginRow();
        try {
            return RowChanges.readFields(columns, kind);
        } catch (IllegalArgumentException e) {
            throw new RecordFormatException("a change of kind " + kind + " that cannot be", e);
        }
    }
}
