package org.cairnfs.core.record;

import java.util.EnumMap;
import java.util.Map;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;

/**
 * Rows and keys as bytes, each with its table: table id (1 byte), then for a row its format version (1 byte), key and rest;
 * for a key just the key. Journal records and checkpoints are made of these.
 */
public final class RowCodecs {
    private static final Map<Table, RowCodec<?, ?>> CODECS = new EnumMap<>(Map.ofEntries(
            Map.entry(Table.INODE, InodeCodecs.INODE),
            Map.entry(Table.DIRENT, InodeCodecs.DIRENT),
            Map.entry(Table.XATTR, InodeCodecs.XATTR),
            Map.entry(Table.ATIME, InodeCodecs.ATIME),
            Map.entry(Table.ORPHAN, InodeCodecs.ORPHAN),
            Map.entry(Table.CONTENT, DataCodecs.CONTENT),
            Map.entry(Table.EXTENT, DataCodecs.EXTENT),
            Map.entry(Table.CHUNK, DataCodecs.CHUNK),
            Map.entry(Table.PACK, DataCodecs.PACK),
            Map.entry(Table.WORK, StateCodecs.WORK),
            Map.entry(Table.COUNTER, StateCodecs.COUNTER),
            Map.entry(Table.USAGE, StateCodecs.USAGE),
            Map.entry(Table.QUOTA, StateCodecs.QUOTA),
            Map.entry(Table.SNAPSHOT, StateCodecs.SNAPSHOT),
            Map.entry(Table.INODE_LOCK, StateCodecs.INODE_LOCK),
            Map.entry(Table.TREE_LOCK, StateCodecs.TREE_LOCK),
            Map.entry(Table.CHECKPOINT, StateCodecs.CHECKPOINT),
            Map.entry(Table.TRASH, InodeCodecs.TRASH)));

    private RowCodecs() {}

    public static void writeRow(RecordWriter out, Row row) {
        out.putByte(Table.of(row).id());
        writeFields(out, row);
    }

    /** A row of a table that the reader knows. */
    static void writeFields(FieldWriter out, Row row) {
        RowCodec<RowKey, Row> codec = codec(Table.of(row));
        out.putByte(codec.version());
        codec.writeKey(out, row.key());
        codec.writeRest(out, row);
    }

    public static Row readRow(RecordReader in) throws RecordFormatException {
        Table table = table(in.readByte());
        return readRow(in, table);
    }

    static Row readRow(FieldReader in, Table table) throws RecordFormatException {
        RowCodec<RowKey, Row> codec = codec(table);
        int version = in.readByte();
        if (version < 1 || version > codec.version()) {
            throw new RecordFormatException("a row of table " + table + " in unknown version " + version);
        }
        return codec.readRest(in, codec.readKey(in), version);
    }

    static void writeKey(FieldWriter out, RowKey key) {
        codec(Table.of(key)).writeKey(out, key);
    }

    static RowKey readKey(FieldReader in, Table table) throws RecordFormatException {
        return codec(table).readKey(in);
    }

    static Table table(int id) throws RecordFormatException {
        try {
            return Table.ofId(id);
        } catch (IllegalArgumentException e) {
            throw new RecordFormatException("a row of unknown table " + id, e);
        }
    }

    /** The map pairs each table with the codec of its own types, so what is put in under a table comes out as it. */
    @SuppressWarnings("unchecked")
    private static RowCodec<RowKey, Row> codec(Table table) {
        return (RowCodec<RowKey, Row>) CODECS.get(table);
    }
}
