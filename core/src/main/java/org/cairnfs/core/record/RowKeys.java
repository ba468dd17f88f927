package org.cairnfs.core.record;

import java.nio.ByteBuffer;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;

/** Keys of rows as bytes, for those who keep a place in a table. */
public final class RowKeys {
    private RowKeys() {}

    public static byte[] encode(RowKey key) {
        RecordWriter out = new RecordWriter();
        RowCodecs.writeKey(out, key);
        return out.toBytes().toArray();
    }

    /**
     * Reads what {@link #encode} wrote of a row of this table, at the end of a buffer.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static RowKey decode(ByteBuffer in, Table table) {
        try {
            RecordReader reader = new RecordReader(in);
            RowKey key = RowCodecs.readKey(reader, table);
            if (reader.remaining() > 0) {
                throw new IllegalArgumentException(reader.remaining() + " bytes follow a key of " + table);
            }
            return key;
        } catch (RecordFormatException e) {
            throw new IllegalArgumentException("not a key of " + table, e);
        }
    }
}
