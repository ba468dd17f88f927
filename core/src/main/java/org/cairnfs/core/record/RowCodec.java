package org.cairnfs.core.record;

import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;

/**
 * The bytes of one kind of row: first its key, then the rest. A tombstone is the key alone.
 *
 * <p>A column that is added raises {@link #version()}; reading knows all versions from 1 on.
 */
interface RowCodec<K extends RowKey, R extends Row> {
    /** The version that is written. */
    default int version() {
        return 1;
    }

    void writeKey(FieldWriter out, K key);

    K readKey(FieldReader in) throws RecordFormatException;

    void writeRest(FieldWriter out, R row);

    /**
     * Reads what follows the key.
     *
     * @param version that wrote it, 1 to {@link #version()}
     */
    R readRest(FieldReader in, K key, int version) throws RecordFormatException;
}
