package org.cairnfs.core.shipping;

import java.nio.ByteBuffer;
import org.cairnfs.core.bytes.MalformedException;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.codec.ChunkCodec;
import org.cairnfs.core.data.pack.PackName;
import org.cairnfs.core.record.RecordBlock;
import org.cairnfs.core.record.RecordFormatException;
import org.cairnfs.core.record.RecordReader;
import org.cairnfs.core.record.RecordWriter;

/**
 * The body of a log object: a block of records and then other items one after the other, compressed as a chunk is. {@code docs/format.md} has it byte by byte.
 *
 * <p>What is read is authentic, but may be of a newer version: an unknown item is refused, as it cannot be left out safely.
 */
final class LogBody {
    private static final int PACK = 2;
    private static final int CHUNK = 3;
    private static final int REPLACED = 4;
    private static final int EXTENT = 5;
    private static final int INLINE = 6;
    private static final int HOLE = 7;

    private LogBody() {}

    /** Takes items. */
    interface Visitor<X extends Exception> {
        void item(LogItem item) throws X;
    }

    /** Puts items together. Used by one thread. */
    static final class Writer {
        private final RecordBlock.Writer records;
        private final RecordWriter items = new RecordWriter(1 << 16);

        /** @param firstSequence from which the sequences of records are counted */
        Writer(long firstSequence) {
            records = new RecordBlock.Writer(firstSequence);
        }

        /** Bytes so far, before compression. */
        int length() {
            return records.length() + items.length();
        }

        byte[] encode(ChunkCodec codec) {
            RecordWriter out = new RecordWriter(length() + (1 << 10));
            records.writeTo(out);
            out.putRaw(items.toBytes());
            ByteBuffer plain = out.toBuffer();
            return codec.encode(plain.array(), plain.arrayOffset() + plain.position(), plain.remaining());
        }

        void put(LogItem item) {
            if (item instanceof LogItem.Logged logged) {
                records.put(logged.sequence(), logged.record());
            } else if (item instanceof LogItem.OverlayPack pack) {
                PackName name = PackName.ofKey(pack.objectKey()).orElseThrow();
                items.putByte(PACK)
                        .putBytes(name.toBytes())
                        .putBytes(pack.header())
                        .putVarint(pack.size());
            } else if (item instanceof LogItem.OverlayChunk chunk) {
                items.putByte(CHUNK)
                        .putVarint(chunk.pack())
                        .putBytes(chunk.id())
                        .putVarint(chunk.offset())
                        .putVarint(chunk.storedLength())
                        .putVarint(chunk.length());
            } else if (item instanceof LogItem.Replaced range) {
                content(REPLACED, range.inode(), range.content(), range.from()).putVarint(range.to() - range.from());
            } else if (item instanceof LogItem.OverlayExtent extent) {
                content(EXTENT, extent.inode(), extent.content(), extent.offset())
                        .putVarint(extent.length())
                        .putVarint(extent.chunk());
            } else if (item instanceof LogItem.Inline inline) {
                content(INLINE, inline.inode(), inline.content(), inline.offset())
                        .putBytes(inline.bytes());
            } else if (item instanceof LogItem.InlineHole hole) {
                content(HOLE, hole.inode(), hole.content(), hole.offset()).putVarint(hole.length());
            }
        }

        private RecordWriter content(int kind, long inode, long content, long offset) {
            return items.putByte(kind).putVarint(inode).putVarint(content).putVarint(offset);
        }
    }

    /** Gives all items of a body, in order. */
    static <X extends Exception> void read(byte[] body, long firstSequence, Visitor<X> visitor)
            throws X, MalformedException {
        RecordReader in = new RecordReader(ByteBuffer.wrap(ChunkCodec.decode(body, ChunkSizes.LARGEST)));
        try {
            RecordBlock.<X>read(
                    in, firstSequence, (sequence, record) -> visitor.item(new LogItem.Logged(sequence, record)));
            while (in.remaining() > 0) {
                visitor.item(item(in));
            }
        } catch (RecordFormatException e) {
            throw new MalformedException("log body: " + e.getMessage());
        }
    }

    private static LogItem item(RecordReader in) throws RecordFormatException {
        try {
            return item(in.readByte(), in);
        } catch (IllegalArgumentException e) {
            throw new RecordFormatException(e.getMessage(), e);
        }
    }

    private static LogItem item(int kind, RecordReader in) throws RecordFormatException {
        return switch (kind) {
            case PACK ->
                new LogItem.OverlayPack(
                        PackName.of(in.readBytes().toArray()).objectKey(), in.readBytes(), in.readVarint());
            case CHUNK ->
                new LogItem.OverlayChunk(in.readInt(), in.readBytes(), in.readInt(), in.readInt(), in.readInt());
            case REPLACED -> {
                long inode = in.readVarint();
                long content = in.readVarint();
                long from = in.readVarint();
                yield new LogItem.Replaced(inode, content, from, from + in.readVarint());
            }
            case EXTENT ->
                new LogItem.OverlayExtent(
                        in.readVarint(), in.readVarint(), in.readVarint(), in.readInt(), in.readInt());
            case INLINE -> new LogItem.Inline(in.readVarint(), in.readVarint(), in.readVarint(), in.readBytes());
            case HOLE -> new LogItem.InlineHole(in.readVarint(), in.readVarint(), in.readVarint(), in.readVarint());
            default -> throw new RecordFormatException("an item of unknown kind " + kind + ": a newer Cairn wrote it");
        };
    }
}
