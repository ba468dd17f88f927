package org.cairnfs.core.record;

import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.fs.Bytes;

/** Gives back the rows that a {@link ColumnWriter} took. */
final class ColumnReader implements FieldReader {
    /** More than any row has fields. */
    private static final int MAX_COLUMNS = 256;

    private final List<Column> columns = new ArrayList<>();
    private int next;

    private static final class Column {
        private final RecordReader numbers;
        private final RecordReader bytes;
        private long last;

        Column(RecordReader in) throws RecordFormatException {
            numbers = new RecordReader(in.readBytes().asBuffer());
            bytes = new RecordReader(in.readBytes().asBuffer());
        }
    }

    ColumnReader(RecordReader in) throws RecordFormatException {
        int count = in.readInt();
        if (count > MAX_COLUMNS) {
            throw new RecordFormatException("rows of " + count + " columns");
        }
        for (int i = 0; i < count; i++) {
            columns.add(new Column(in));
        }
    }

    /** The next field is the first one of a row. */
    void beginRow() {
        next = 0;
    }

    /** After the last row: that nothing is left. */
    void end() throws RecordFormatException {
        for (Column column : columns) {
            if (column.numbers.remaining() > 0 || column.bytes.remaining() > 0) {
                throw new RecordFormatException("a column has more fields than there are rows");
            }
        }
    }

    private Column column() throws RecordFormatException {
        if (next == columns.size()) {
            throw new RecordFormatException("rows of " + next + " columns: one more is wanted");
        }
        Column column = columns.get(next++);
        column.last += column.numbers.readSigned();
        return column;
    }

    @Override
    public int readByte() throws RecordFormatException {
        long value = column().last;
        if (value < 0 || value > 0xff) {
            throw new RecordFormatException("a byte of " + value);
        }
        return (int) value;
    }

    @Override
    public long readVarint() throws RecordFormatException {
        return column().last;
    }

    @Override
    public long readSigned() throws RecordFormatException {
        return column().last;
    }

    @Override
    public long readFixed64() throws RecordFormatException {
        return column().last;
    }

    @Override
    public long readNear(long other) throws RecordFormatException {
        return column().last;
    }

    @Override
    public Bytes readBytes() throws RecordFormatException {
        Bytes bytes = readNullable();
        if (bytes == null) {
            throw new RecordFormatException("no bytes where there must be some");
        }
        return bytes;
    }

    @Override
    public Bytes readNullable() throws RecordFormatException {
        Column column = column();
        if (column.last == -1) {
            return null;
        }
        if (column.last < 0 || column.last > column.bytes.remaining()) {
            throw new RecordFormatException(
                    column.last + " bytes wanted, " + column.bytes.remaining() + " are in the column");
        }
        return Bytes.ofTrusted(column.bytes.take((int) column.last));
    }
}
