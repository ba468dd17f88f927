package org.cairnfs.core.checkpoint;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.cairnfs.core.metadata.RowSink;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.record.RecordFormatException;
import org.cairnfs.core.record.RecordReader;
import org.cairnfs.core.record.RecordWriter;
import org.cairnfs.core.record.RowCodecs;

/**
 * The rows of a dump as a stream of bytes.
 *
 * <pre>
 *  1  version, 1
 *     for each row:
 *     1  1 present, 2 history
 *     4  length of what follows
 *        present: the row; history: 8 bytes died, the row (as {@link RowCodecs} writes it)
 *  1  0: the end
 * </pre>
 */
final class CheckpointRows {
    private static final int VERSION = 1;
    private static final int END = 0;
    private static final int PRESENT = 1;
    private static final int HISTORY = 2;

    /** The longest row: an extended attribute of the largest size, and some. */
    private static final int MAX_ROW = 1 << 20;

    private CheckpointRows() {}

    /** Writes rows. Not thread-safe. */
    static final class Writer implements RowSink {
        private final DataOutputStream out;

        Writer(DataOutputStream out) throws IOException {
            this.out = out;
            out.writeByte(VERSION);
        }

        @Override
        public void row(Row row) throws IOException {
            RecordWriter record = new RecordWriter();
            RowCodecs.writeRow(record, row);
            write(PRESENT, record);
        }

        @Override
        public void history(Row row, long died) throws IOException {
            RecordWriter record = new RecordWriter();
            record.putFixed64(died);
            RowCodecs.writeRow(record, row);
            write(HISTORY, record);
        }

        /** Says that all rows were written: without it, a reader knows that the stream was cut off. */
        void end() throws IOException {
            out.writeByte(END);
        }

        private void write(int kind, RecordWriter record) throws IOException {
            ByteBuffer bytes = record.toBuffer();
            out.writeByte(kind);
            out.writeInt(bytes.remaining());
            out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        }
    }

    /** Reads all rows; the bytes are authentic, but may be of a newer version. */
    static void read(DataInputStream in, RowSink sink) throws IOException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("checkpoint of version " + version + ": a newer Cairn is needed");
        }
        for (int kind = in.readUnsignedByte(); kind != END; kind = in.readUnsignedByte()) {
            int length = in.readInt();
            if (length < 0 || length > MAX_ROW) {
                throw new IOException("checkpoint with a row of " + length + " bytes");
            }
            byte[] bytes = new byte[length];
            in.readFully(bytes);
            row(kind, new RecordReader(ByteBuffer.wrap(bytes)), sink);
        }
    }

    private static void row(int kind, RecordReader in, RowSink sink) throws IOException {
        try {
            if (kind == PRESENT) {
                sink.row(RowCodecs.readRow(in));
            } else if (kind == HISTORY) {
                long died = in.readFixed64();
                sink.history(RowCodecs.readRow(in), died);
            } else {
                throw new IOException("checkpoint with an entry of unknown kind " + kind);
            }
        } catch (RecordFormatException e) {
            throw new IOException("checkpoint with a row that cannot be read: " + e.getMessage(), e);
        }
    }
}
