package org.cairnfs.core.record;

import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;

/**
 * How row changes are told apart: by a tag of one byte, the table's id (1 to 63) and two bits. The fields of each tag are always the same,
 * in records one by one and by columns.
 *
 * <table>
 *   <caption>Bits and fields</caption>
 *   <tr><td>none</td><td>the row is put</td><td>its format version, key and rest</td></tr>
 *   <tr><td>0x80</td><td>the row ends in the present epoch</td><td>key</td></tr>
 *   <tr><td>0xC0</td><td>the row ends with an earlier epoch</td><td>epoch (varint), key</td></tr>
 *   <tr><td>0x40</td><td>an image of before is forgotten</td><td>epoch with which it ended (varint), key</td></tr>
 * </table>
 */
final class RowChanges {
    private static final int TABLE = 0x3f;
    private static final int KIND = 0xc0;
    private static final int PUT = 0;
    private static final int FORGOTTEN = 0x40;
    private static final int ENDED = 0x80;
    private static final int ENDED_EARLIER = 0xc0;

    private RowChanges() {}

    static int tag(RowChange change) {
        return Table.of(change.key()).id() | kind(change);
    }

    private static int kind(RowChange change) {
        if (change instanceof RowChange.Upsert) {
            return PUT;
        } else if (change instanceof RowChange.Forget) {
            return FORGOTTEN;
        }
        return ((RowChange.Delete) change).died() == RowChange.Delete.PRESENT ? ENDED : ENDED_EARLIER;
    }

    /** The fields behind the tag. */
    static void writeFields(FieldWriter out, RowChange change) {
        if (change instanceof RowChange.Upsert upsert) {
            RowCodecs.writeFields(out, upsert.row());
            return;
        } else if (change instanceof RowChange.Forget forget) {
            out.putVarint(forget.died());
        } else if (change instanceof RowChange.Delete delete && delete.died() != RowChange.Delete.PRESENT) {
            out.putVarint(delete.died());
        }
        RowCodecs.writeKey(out, change.key());
    }

    /** Reads what {@link #writeFields} wrote behind this tag. */
    static RowChange readFields(FieldReader in, int tag) throws RecordFormatException {
        Table table = RowCodecs.table(tag & TABLE);
        int kind = tag & KIND;
        if (kind == PUT) {
            return new RowChange.Upsert(RowCodecs.readRow(in, table));
        } else if (kind == ENDED) {
            return new RowChange.Delete(RowCodecs.readKey(in, table));
        }
        long died = in.readVarint();
        RowKey key = RowCodecs.readKey(in, table);
        if (died <= 0 || !table.versioned()) {
            throw new RecordFormatException("an end in epoch " + died + " of a row of table " + table);
        }
        return kind == FORGOTTEN ? new RowChange.Forget(key, died) : new RowChange.Delete(key, died);
    }
}
