package org.cairnfs.core.record;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.ContentRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.metadata.row.RowKey;

/** Bytes of the rows of data: contents, extents, chunks, packs. */
final class DataCodecs {
    private DataCodecs() {}

    static final RowCodec<RowKey.Content, ContentRow> CONTENT = new RowCodec<>() {
        @Override
        public void writeKey(FieldWriter out, RowKey.Content key) {
            out.putVarint(key.content());
        }

        @Override
        public RowKey.Content readKey(FieldReader in) throws RecordFormatException {
            return new RowKey.Content(in.readVarint());
        }

        @Override
        public void writeRest(FieldWriter out, ContentRow row) {
            out.putVarint(row.references()).putVarint(row.born());
        }

        @Override
        public ContentRow readRest(FieldReader in, RowKey.Content key, int version) throws RecordFormatException {
            long references = in.readVarint();
            long born = in.readVarint();
            return new ContentRow(key.content(), references, born);
        }
    };

    static final RowCodec<RowKey.Extent, ExtentRow> EXTENT = new RowCodec<>() {
        @Override
        public void writeKey(FieldWriter out, RowKey.Extent key) {
            out.putVarint(key.content()).putVarint(key.offset());
        }

        @Override
        public RowKey.Extent readKey(FieldReader in) throws RecordFormatException {
            long content = in.readVarint();
            return new RowKey.Extent(content, in.readVarint());
        }

        @Override
        public void writeRest(FieldWriter out, ExtentRow row) {
            out.putVarint(row.length())
                    .putVarint(row.chunk())
                    .putVarint(row.chunkOffset())
                    .putVarint(row.born());
        }

        @Override
        public ExtentRow readRest(FieldReader in, RowKey.Extent key, int version) throws RecordFormatException {
            long length = in.readVarint();
            long chunk = in.readVarint();
            int chunkOffset = in.readInt();
            long born = in.readVarint();
            return new ExtentRow(key.content(), key.offset(), length, chunk, chunkOffset, born);
        }
    };

    static final RowCodec<RowKey.Chunk, ChunkRow> CHUNK = new RowCodec<>() {
        @Override
        public void writeKey(FieldWriter out, RowKey.Chunk key) {
            out.putVarint(key.chunk());
        }

        @Override
        public RowKey.Chunk readKey(FieldReader in) throws RecordFormatException {
            return new RowKey.Chunk(in.readVarint());
        }

        @Override
        public void writeRest(FieldWriter out, ChunkRow row) {
            out.putBytes(row.id())
                    .putVarint(row.pack())
                    .putVarint(row.packOffset())
                    .putVarint(row.storedLength())
                    .putVarint(row.length())
                    .putByte(row.state().code())
                    .putVarint(row.deadSequence());
        }

        @Override
        public ChunkRow readRest(FieldReader in, RowKey.Chunk key, int version) throws RecordFormatException {
            Bytes id = in.readBytes();
            long pack = in.readVarint();
            int packOffset = in.readInt();
            int storedLength = in.readInt();
            int length = in.readInt();
            ChunkState state = state(in);
            long deadSequence = in.readVarint();
            return new ChunkRow(key.chunk(), id, pack, packOffset, storedLength, length, state, deadSequence);
        }
    };

    static final RowCodec<RowKey.Pack, PackRow> PACK = new RowCodec<>() {
        @Override
        public void writeKey(FieldWriter out, RowKey.Pack key) {
            out.putVarint(key.pack());
        }

        @Override
        public RowKey.Pack readKey(FieldReader in) throws RecordFormatException {
            return new RowKey.Pack(in.readVarint());
        }

        @Override
        public void writeRest(FieldWriter out, PackRow row) {
            out.putString(row.objectKey())
                    .putBytes(row.header())
                    .putVarint(row.size())
                    .putVarint(row.liveBytes())
                    .putByte(row.metadata() ? 1 : 0)
                    .putByte(row.state().code())
                    .putVarint(row.deadSequence());
        }

        @Override
        public PackRow readRest(FieldReader in, RowKey.Pack key, int version) throws RecordFormatException {
            String objectKey = in.readString();
            Bytes header = in.readBytes();
            long size = in.readVarint();
            long liveBytes = in.readVarint();
            boolean metadata = in.readFlag();
            ChunkState state = state(in);
            long deadSequence = in.readVarint();
            return new PackRow(key.pack(), objectKey, header, size, liveBytes, metadata, state, deadSequence);
        }
    };

    private static ChunkState state(FieldReader in) throws RecordFormatException {
        try {
            return ChunkState.ofCode(in.readByte());
        } catch (IllegalArgumentException e) {
            throw new RecordFormatException("a chunk in unknown state", e);
        }
    }
}
