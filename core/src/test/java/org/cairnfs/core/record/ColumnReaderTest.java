package org.cairnfs.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cairnfs.core.fs.Bytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Columns that do not have as many fields as the rows that are read from them. */
class ColumnReaderTest {
    private static final Bytes TEXT = Bytes.copyOf(new byte[] {'a', 'b'});

    private ColumnReader reader;

    /** Two rows: 7, "ab"; 8, "ab". */
    @BeforeEach
    void write() throws Exception {
        ColumnWriter writer = new ColumnWriter();
        for (int row = 0; row < 2; row++) {
            writer.beginRow();
            writer.putVarint(7 + row).putBytes(TEXT);
        }
        RecordWriter out = new RecordWriter();
        writer.writeTo(out);
        reader = new ColumnReader(new RecordReader(out.toBytes().asBuffer()));
    }

    private void readRow() throws RecordFormatException {
        reader.beginRow();
        reader.readVarint();
        assertThat(reader.readBytes()).isEqualTo(TEXT);
    }

    @Test
    void allRowsAreAll() throws Exception {
        readRow();
        readRow();
        reader.end();
    }

    @Test
    void aRowThatNobodyAskedForIsRefused() throws Exception {
        readRow();
        assertThatThrownBy(reader::end).isInstanceOf(RecordFormatException.class);
    }

    @Test
    void bytesThatNobodyAskedForAreRefused() throws Exception {
        ColumnWriter writer = new ColumnWriter();
        writer.beginRow();
        writer.putBytes(TEXT);
        RecordWriter out = new RecordWriter();
        writer.writeTo(out);
        byte[] longer = out.toBytes().toArray();
        // One column: its numbers (one byte: a length of 2), then its bytes. A length of 1 leaves one of them.
        assertThat(longer).containsExactly(1, 1, 4, 2, 'a', 'b');
        longer[2] = 2;
        reader = new ColumnReader(new RecordReader(Bytes.ofTrusted(longer).asBuffer()));
        reader.beginRow();
        assertThat(reader.readBytes().length()).isEqualTo(1);
        assertThatThrownBy(reader::end).isInstanceOf(RecordFormatException.class);
    }

    @Test
    void rowsAndColumnsThatAreNotThereAreRefused() throws Exception {
        readRow();
        readRow();
        reader.beginRow();
        assertThatThrownBy(reader::readVarint).isInstanceOf(RecordFormatException.class);
        write();
        readRow();
        assertThatThrownBy(reader::readVarint).isInstanceOf(RecordFormatException.class);
    }
}
