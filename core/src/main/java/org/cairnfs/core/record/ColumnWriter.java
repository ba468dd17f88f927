package org.cairnfs.core.record;

import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.fs.Bytes;

/**
 * Takes rows of one kind and keeps each field with the same field of the other rows. A number is the difference to the one of
 * the row before, which is mostly small, and often the same for many rows; of a string, the length is such a number, and its
 * bytes follow those of the string before.
 */
final class ColumnWriter implements FieldWriter {
    private final List<Column> columns = new ArrayList<>();
    private int next;

    private static final class Column {
        private final RecordWriter numbers = new RecordWriter();
        private final RecordWriter bytes = new RecordWriter(0);
        private long last;
    }

    /** The next field is the first one of a row. */
    void beginRow() {
        next = 0;
    }

    /** Bytes so far. */
    int length() {
        int length = 0;
        for (Column column : columns) {
            length += column.numbers.length() + column.bytes.length();
        }
        return length;
    }

    void writeTo(RecordWriter out) {
        out.putVarint(columns.size());
        for (Column column : columns) {
            out.putBytes(column.numbers.toBytes()).putBytes(column.bytes.toBytes());
        }
    }

    private Column number(long value) {
        if (next == columns.size()) {
            columns.add(new Column());
        }
        Column column = columns.get(next++);
        column.numbers.putSigned(value - column.last);
        column.last = value;
        return column;
    }

    @Override
    public ColumnWriter putByte(int value) {
        number(value & 0xff);
        return this;
    }

    @Override
    public ColumnWriter putVarint(long value) {
        number(value);
        return this;
    }

    @Override
    public ColumnWriter putSigned(long value) {
        number(value);
        return this;
    }

    @Override
    public ColumnWriter putFixed64(long value) {
        number(value);
        return this;
    }

    /** As it is: the row before is near enough, and of what many rows share nothing is lost. */
    @Override
    public ColumnWriter putNear(long value, long other) {
        number(value);
        return this;
    }

    @Override
    public ColumnWriter putBytes(Bytes bytes) {
        number(bytes.length()).bytes.putRaw(bytes);
        return this;
    }

    @Override
    public ColumnWriter putNullable(Bytes bytes) {
        if (bytes == null) {
            number(-1);
            return this;
        }
        return putBytes(bytes);
    }
}
