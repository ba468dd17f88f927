package org.cairnfs.core.shipping;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cairnfs.core.data.Contents;
import org.cairnfs.core.data.extent.ChunkReferences;
import org.cairnfs.core.data.extent.ExtentEditor;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.Rows;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.PackRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lays the overlay of the barrier over the rows that were replayed up to it: the file system is whole then. Nobody else uses it
 * meanwhile. Used once, by one thread; if it does not come to its end, the whole rebuild is begun anew.
 */
public final class OverlayRestore {
    private static final Logger LOG = LoggerFactory.getLogger(OverlayRestore.class);
    private static final int ITEMS_PER_MUTATION = 500;

    private final MetadataStore metadata;
    private final Contents contents;
    private final long sequence;
    private final List<LogItem.OverlayPack> packs = new ArrayList<>();
    private final List<LogItem.OverlayChunk> chunks = new ArrayList<>();
    private final Map<Integer, Long> packNumbers = new HashMap<>();
    private final Map<Integer, Long> chunkNumbers = new HashMap<>();

    private OverlayRestore(MetadataStore metadata, Contents contents, long sequence) {
        this.metadata = metadata;
        this.contents = contents;
        this.sequence = sequence;
    }

    /** Lays the overlay of a log's newest barrier over rows that stand exactly there. */
    public static void run(ShippedLog log, MetadataStore metadata, Contents contents) throws FsException, IOException {
        run(log.overlay(), metadata, contents, log.standing().sequence());
    }

    /** Lays items over rows that stand at a sequence. */
    static void run(List<LogItem> overlay, MetadataStore metadata, Contents contents, long sequence)
            throws FsException {
        new OverlayRestore(metadata, contents, sequence).run(overlay);
    }

    private void run(List<LogItem> items) throws FsException {
        Map<Long, List<LogItem>> byInode = new LinkedHashMap<>();
        for (LogItem item : items) {
            if (item instanceof LogItem.OverlayPack pack) {
                packs.add(pack);
            } else if (item instanceof LogItem.OverlayChunk chunk) {
                chunks.add(chunk);
            } else if (item instanceof LogItem.Replaced range) {
                add(byInode, range.inode(), range);
            } else if (item instanceof LogItem.OverlayExtent extent) {
                add(byInode, extent.inode(), extent);
            } else if (item instanceof LogItem.Inline inline) {
                inline(inline);
            } else if (item instanceof LogItem.InlineHole hole) {
                hole(hole);
            }
        }
        adoptPending();
        for (int from = 0; from < chunks.size(); from += ITEMS_PER_MUTATION) {
            int first = from;
            int last = Math.min(chunks.size(), from + ITEMS_PER_MUTATION);
            metadata.mutate(transaction -> {
                for (int i = first; i < last; i++) {
                    enter(transaction, i);
                }
                return null;
            });
        }
        for (List<LogItem> content : byInode.values()) {
            for (int from = 0; from < content.size(); from += ITEMS_PER_MUTATION) {
                List<LogItem> part = content.subList(from, Math.min(content.size(), from + ITEMS_PER_MUTATION));
                metadata.mutate(transaction -> {
                    extents(transaction, part);
                    return null;
                });
            }
        }
    }

    private static void add(Map<Long, List<LogItem>> byInode, long inode, LogItem item) {
        byInode.computeIfAbsent(inode, key -> new ArrayList<>()).add(item);
    }

    /** Packs whose upload had begun, but was not known to be done, at the barrier. */
    private void adoptPending() {
        Map<String, Long> pending = new HashMap<>();
        Rows.visit(metadata.view(), PackRow.class, row -> {
            if (row.state() == ChunkState.PENDING) {
                pending.put(row.objectKey(), row.pack());
            }
            return true;
        });
        for (int i = 0; i < packs.size(); i++) {
            Long number = pending.get(packs.get(i).objectKey());
            if (number != null) {
                packNumbers.put(i, number);
            }
        }
    }

    /**
     * Where the rows have a chunk of this id elsewhere, it was stored anew after the barrier's moment, as the one that they know turned
     * out to be damaged. The bytes are the same, so all that refers to it goes to the sound copy.
     */
    private void enter(Transaction transaction, int index) {
        LogItem.OverlayChunk chunk = chunks.get(index);
        Optional<ChunkRow> known = transaction.chunkById(chunk.id());
        if (known.filter(row -> isAt(transaction, row, chunk)).isPresent()) {
            chunkNumbers.put(index, known.get().chunk());
            return;
        }
        long pack = pack(transaction, chunk.pack());
        long dead = known.map(ChunkRow::deadSequence).orElse(Math.max(1, sequence));
        long number = known.map(ChunkRow::chunk).orElseGet(transaction::newChunk);
        if (dead == 0) {
            addLive(transaction, known.get().pack(), -known.get().storedLength());
            addLive(transaction, pack, chunk.storedLength());
        }
        transaction.put(new ChunkRow(
                number,
                chunk.id(),
                pack,
                chunk.offset(),
                chunk.storedLength(),
                chunk.length(),
                ChunkState.DURABLE,
                dead));
        chunkNumbers.put(index, number);
    }

    private boolean isAt(Transaction transaction, ChunkRow row, LogItem.OverlayChunk chunk) {
        return row.packOffset() == chunk.offset()
                && transaction
                        .pack(row.pack())
                        .filter(pack ->
                                pack.objectKey().equals(packs.get(chunk.pack()).objectKey()))
                        .isPresent();
    }

    private void addLive(Transaction transaction, long number, long bytes) {
        PackRow pack = transaction.pack(number).orElseThrow();
        long live = pack.liveBytes() + bytes;
        transaction.put(pack.withLiveBytes(live, live == 0 ? sequence : 0));
    }

    private long pack(Transaction transaction, int index) {
        LogItem.OverlayPack pack = packs.get(index);
        long number = packNumbers.computeIfAbsent(index, key -> transaction.newPack());
        Optional<PackRow> present = transaction.pack(number);
        if (present.isEmpty() || present.get().state() == ChunkState.PENDING) {
            transaction.put(new PackRow(
                    number, pack.objectKey(), pack.header(), pack.size(), 0, false, ChunkState.DURABLE, sequence));
        }
        return number;
    }

    /** Some items of one inode, in their order: what is replaced goes before what replaces it comes. */
    private void extents(Transaction transaction, List<LogItem> items) throws FsException {
        for (LogItem item : items) {
            if (item instanceof LogItem.Replaced range) {
                edit(transaction, range.inode(), range.content(), editor -> editor.cut(range.from(), range.to()));
            } else if (item instanceof LogItem.OverlayExtent extent) {
                long chunk = chunkNumbers.get(extent.chunk());
                if (!ChunkReferences.referenced(transaction, chunk)) {
                    throw new FsException(
                            Errno.EIO, "the overlay refers to chunk " + chunk + ", which may not be used");
                }
                edit(
                        transaction,
                        extent.inode(),
                        extent.content(),
                        editor -> editor.put(extent.offset(), extent.length(), chunk, 0));
            }
        }
    }

    private interface Edit {
        void run(ExtentEditor editor);
    }

    private void edit(Transaction transaction, long inode, long content, Edit edit) throws FsException {
        Optional<InodeRow> found = file(transaction.inode(inode), inode, content);
        if (found.isEmpty()) {
            return;
        }
        InodeRow row = found.get();
        ExtentEditor editor = new ExtentEditor(transaction, content);
        edit.run(editor);
        transaction.put(row.edit().used(row.used() + editor.bytes()).build());
        for (long chunk : editor.touched()) {
            ChunkReferences.released(transaction, chunk, sequence);
        }
    }

    private void inline(LogItem.Inline inline) throws FsException {
        if (file(metadata.view().inode(inline.inode()), inline.inode(), inline.content())
                .isEmpty()) {
            return;
        }
        contents.write(
                new OpContext(Credentials.ROOT),
                inline.inode(),
                inline.offset(),
                inline.bytes().asBuffer(),
                row -> row.edit().change(metadata.nextChange()).build());
    }

    private void hole(LogItem.InlineHole hole) throws FsException {
        metadata.mutate(transaction -> {
            file(transaction.inode(hole.inode()), hole.inode(), hole.content())
                    .ifPresent(row -> contents.punch(transaction, row, hole.offset(), hole.length()));
            return null;
        });
    }

    /** The file of a content; what nothing refers to is of no use, and no reason to refuse the rest. */
    private static Optional<InodeRow> file(Optional<InodeRow> row, long inode, long content) {
        Optional<InodeRow> file = row.filter(found -> found.content() == content);
        if (file.isEmpty()) {
            LOG.warn("what was shipped of content {} is left out: inode {} does not have it", content, inode);
        }
        return file;
    }
}
