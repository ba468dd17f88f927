package org.cairnfs.core.check;

import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import org.cairnfs.core.data.extent.ChunkReferences;
import org.cairnfs.core.data.extent.ExtentEditor;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.h2.HistoryPlace;
import org.cairnfs.core.metadata.h2.HistoryRow;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.ContentRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;

/**
 * Mends what is wrong with contents, extents, chunks, packs and images of before: each within a mutation that looks again whether it is still
 * so. No data is given up: what cannot be found is marked, so that reading it fails and says so.
 *
 * <p>Each returns whether it changed anything.
 */
final class DataRepair {
    private static final int PAGE = 1_000;

    private final LongPredicate dirty;
    private final LongSupplier sequence;

    /**
     * Within mutations.
     *
     * @param dirty whether something of a content is not flushed
     * @param sequence the journal's newest
     */
    DataRepair(LongPredicate dirty, LongSupplier sequence) {
        this.dirty = dirty;
        this.sequence = sequence;
    }

    /** Sets how many files share a content, if it is still counted as it was when they were counted. */
    static boolean content(Transaction transaction, long content, long owners, long counted) {
        List<ContentRow> rows =
                transaction.scan(ContentRow.class, Optional.of(new RowKey.Content(content - 1)), 1).stream()
                        .filter(row -> row.content() == content)
                        .toList();
        long now = rows.isEmpty() ? 1 : rows.get(0).references();
        if (now != counted || now == owners && owners > 1) {
            return false;
        }
        if (owners > 1) {
            transaction.put(new ContentRow(content, owners, 0));
        } else {
            transaction.delete(new RowKey.Content(content));
        }
        return true;
    }

    private static Optional<ExtentRow> find(Transaction transaction, RowKey.Extent key) {
        return transaction
                .scan(ExtentRow.class, Optional.of(new RowKey.Extent(key.content(), key.offset() - 1)), 1)
                .stream()
                .filter(row -> row.key().equals(key))
                .findFirst();
    }

    /** Cuts an extent to what the one before it leaves; nothing is left of one that makes no sense. */
    boolean extent(Transaction transaction, RowKey.Extent key) {
        Optional<ExtentRow> found = find(transaction, key);
        if (found.isEmpty()) {
            return false;
        }
        ExtentRow extent = found.get();
        boolean impossible =
                extent.length() <= 0 || extent.end() < 0 || extent.offset() < 0 || extent.chunkOffset() < 0;
        long end = extent.offset() > 0 ? endBefore(transaction, key) : 0;
        if (!impossible && end <= extent.offset()) {
            return false;
        }
        transaction.delete(key);
        if (!impossible && end < extent.end()) {
            int skipped = extent.chunkOffset() + (int) (end - extent.offset());
            transaction.put(new ExtentRow(key.content(), end, extent.end() - end, extent.chunk(), skipped, 0));
        }
        ChunkReferences.released(transaction, extent.chunk(), sequence.getAsLong());
        return true;
    }

    private static long endBefore(Transaction transaction, RowKey.Extent key) {
        return transaction.extents(key.content(), key.offset() - 1, key.offset(), 1).stream()
                .filter(row -> row.offset() < key.offset())
                .mapToLong(ExtentRow::end)
                .max()
                .orElse(0);
    }

    boolean beyondEnd(Transaction transaction, long inode, long content, long owners) {
        Optional<InodeRow> file = transaction.inode(inode).filter(row -> row.content() == content);
        if (file.isEmpty() || owners != 1 || dirty.test(content)) {
            return false;
        }
        ExtentEditor editor = new ExtentEditor(transaction, content);
        editor.cut(file.get().size(), Long.MAX_VALUE);
        for (long chunk : editor.touched()) {
            ChunkReferences.released(transaction, chunk, sequence.getAsLong());
        }
        transaction.put(file.get()
                .edit()
                .used(Math.max(0, file.get().used() + editor.bytes()))
                .build());
        return !editor.touched().isEmpty();
    }

    static boolean used(Transaction transaction, long inode) {
        Optional<InodeRow> file = transaction.inode(inode);
        if (file.isEmpty() || file.get().content() == 0) {
            return false;
        }
        long used = 0;
        long from = 0;
        List<ExtentRow> page;
        do {
            page = transaction.extents(file.get().content(), from, Long.MAX_VALUE, PAGE);
            for (ExtentRow extent : page) {
                used += extent.length();
                from = extent.end();
            }
        } while (page.size() == PAGE);
        if (used == file.get().used()) {
            return false;
        }
        transaction.put(file.get().edit().used(used).build());
        return true;
    }

    /** Puts a row for a chunk that is not there. */
    static boolean lost(Transaction transaction, long chunk, long length) {
        if (transaction.chunk(chunk).isPresent() || !transaction.isReferenced(chunk)) {
            return false;
        }
        transaction.put(ChunkRow.lost(chunk, (int) Math.min(Integer.MAX_VALUE, length)));
        return true;
    }

    /** Lets the part of an extent that its chunk does not have be lost data. What a snapshot sees cannot be changed. */
    boolean tooLong(Transaction transaction, RowKey.Extent key, long died) {
        Optional<ExtentRow> found = died == 0 ? find(transaction, key) : Optional.empty();
        Optional<ChunkRow> chunk = found.flatMap(extent -> transaction.chunk(extent.chunk()));
        if (chunk.isEmpty() || ContentCheck.chunkEnd(found.get()) <= chunk.get().length()) {
            return false;
        }
        ExtentRow extent = found.get();
        long there = Math.max(0, chunk.get().length() - extent.chunkOffset());
        transaction.delete(key);
        if (there > 0) {
            transaction.put(new ExtentRow(key.content(), key.offset(), there, extent.chunk(), extent.chunkOffset(), 0));
        }
        int missing = (int) Math.min(Integer.MAX_VALUE, extent.length() - there);
        long number = transaction.newChunk();
        transaction.put(ChunkRow.lost(number, missing));
        transaction.put(new ExtentRow(key.content(), key.offset() + there, missing, number, 0, 0));
        ChunkReferences.released(transaction, extent.chunk(), sequence.getAsLong());
        return true;
    }

    boolean life(Transaction transaction, long chunk) {
        return ChunkReferences.recount(transaction, chunk, sequence.getAsLong());
    }

    /** Nothing new refers to a chunk from now on. */
    static boolean retire(Transaction transaction, long chunk, ChunkState state) {
        Optional<ChunkRow> found = transaction.chunk(chunk).filter(row -> row.state() == ChunkState.DURABLE);
        found.ifPresent(row -> transaction.put(row.withState(state)));
        return found.isPresent();
    }

    /** A chunk whose pack is not there is lost, or garbage; one that cannot lie where it does is suspect. */
    static boolean misplaced(Transaction transaction, long chunk) {
        Optional<ChunkRow> found = transaction.chunk(chunk);
        if (found.isEmpty()) {
            return false;
        }
        if (transaction.pack(found.get().pack()).isPresent()) {
            return retire(transaction, chunk, ChunkState.SUSPECT);
        }
        if (transaction.isReferenced(chunk)) {
            transaction.put(ChunkRow.lost(chunk, found.get().length()));
        } else {
            transaction.delete(found.get().key());
        }
        return true;
    }

    /**
     * Corrects the bytes in use of a pack, which are kept by differences.
     *
     * @param missing by how much they are too few
     * @param inUse whether the pack has chunks, though it counts as removed
     */
    boolean pack(Transaction transaction, long pack, long missing, boolean inUse) {
        Optional<PackRow> found = transaction.pack(pack);
        if (found.isEmpty()) {
            return false;
        }
        PackRow row = found.get();
        long live = row.liveBytes() + missing;
        long dead = live > 0 ? 0 : Math.max(1, row.deadSequence() == 0 ? sequence.getAsLong() : row.deadSequence());
        ChunkState state = inUse ? ChunkState.DURABLE : row.state();
        PackRow after = new PackRow(
                pack, row.objectKey(), row.header(), row.size(), Math.max(0, live), row.metadata(), state, dead);
        transaction.put(after);
        return !after.equals(row);
    }

    /** Forgets an image of before. */
    boolean image(Transaction transaction, RowKey key, long died) {
        if (!(key instanceof RowKey.Extent extent)) {
            transaction.forget(key, died);
            return true;
        }
        RowKey.Extent before = new RowKey.Extent(extent.content(), extent.offset() - 1);
        List<HistoryRow> found = transaction.historyByEnd(Table.EXTENT, new HistoryPlace(died, Optional.of(before)), 1);
        if (found.isEmpty()
                || found.get(0).died() != died
                || !found.get(0).row().key().equals(key)) {
            return false;
        }
        ExtentRow image = (ExtentRow) found.get(0).row();
        transaction.forget(image, died);
        ChunkReferences.released(transaction, image.chunk(), sequence.getAsLong());
        return true;
    }
}
