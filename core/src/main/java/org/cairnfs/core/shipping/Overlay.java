package org.cairnfs.core.shipping;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cairnfs.core.data.dirty.DirtyRange;
import org.cairnfs.core.data.dirty.DirtySnapshot;
import org.cairnfs.core.data.flush.FlushedContent;
import org.cairnfs.core.data.read.Piece;
import org.cairnfs.core.data.read.PieceReader;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.PackRow;

/** Turns what was dirty at a barrier into items of the log. Used once, by one thread. */
final class Overlay {
    /** The longest run of bytes in one item. */
    private static final int INLINE_PART = 1 << 20;

    private final MetadataView metadata;
    private final PieceReader reader;
    private final List<LogItem> items = new ArrayList<>();
    private final Map<Long, Integer> packs = new HashMap<>();
    private final Map<Long, Integer> chunks = new HashMap<>();

    Overlay(MetadataView metadata, PieceReader reader) {
        this.metadata = metadata;
        this.reader = reader;
    }

    List<LogItem> items() {
        return items;
    }

    /** What was little enough to travel inline; its journal segments are pinned. */
    void inline(DirtySnapshot snapshot) throws FsException {
        for (DirtyRange range : snapshot.ranges()) {
            if (range.isHole()) {
                items.add(new LogItem.InlineHole(snapshot.inode(), snapshot.content(), range.offset(), range.length()));
                continue;
            }
            Piece piece = new Piece.Journaled(range.offset(), range.end(), range.payload(), range.payloadOffset());
            for (long skip = 0; skip < range.length(); skip += INLINE_PART) {
                ByteBuffer bytes = reader.read(piece, skip, (int) Math.min(INLINE_PART, range.length() - skip));
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                items.add(new LogItem.Inline(
                        snapshot.inode(), snapshot.content(), range.offset() + skip, Bytes.ofTrusted(copy)));
            }
        }
    }

    /** What was flushed. */
    void flushed(FlushedContent content) throws FsException {
        for (FlushedContent.Range range : content.replaced()) {
            items.add(new LogItem.Replaced(content.inode(), content.content(), range.from(), range.to()));
        }
        for (FlushedContent.Extent extent : content.extents()) {
            int chunk = chunk(extent.chunk());
            items.add(new LogItem.OverlayExtent(
                    content.inode(), content.content(), extent.offset(), extent.length(), chunk));
        }
    }

    private int chunk(long number) throws FsException {
        Integer known = chunks.get(number);
        if (known != null) {
            return known;
        }
        ChunkRow row = metadata.chunk(number).orElseThrow(() -> gone("chunk " + number));
        int pack = pack(row.pack());
        items.add(new LogItem.OverlayChunk(pack, row.id(), row.packOffset(), row.storedLength(), row.length()));
        chunks.put(number, chunks.size());
        return chunks.size() - 1;
    }

    private int pack(long number) throws FsException {
        Integer known = packs.get(number);
        if (known != null) {
            return known;
        }
        PackRow row = metadata.pack(number).orElseThrow(() -> gone("pack " + number));
        items.add(new LogItem.OverlayPack(row.objectKey(), row.header(), row.size()));
        packs.put(number, packs.size());
        return packs.size() - 1;
    }

    private static FsException gone(String what) {
        return new FsException(Errno.EAGAIN, what + " went while it was shipped");
    }
}
