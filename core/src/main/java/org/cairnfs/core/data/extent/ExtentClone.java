package org.cairnfs.core.data.extent;

import java.util.List;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.ExtentRow;

/**
 * Gives a range of one content the extents of a range of another, inside a mutation: the chunks are shared, and no byte moves.
 *
 * <p>The source's extents keep its chunks alive, so the target may refer to them whatever state they are in: where the one cannot be
 * read, neither can the other.
 */
public final class ExtentClone {
    /** Extents of one record at most, put and cut: 16 GiB of chunks of the usual size, and half of what a record holds. */
    public static final int MAX_EXTENTS = 65_536;

    private ExtentClone() {}

    /**
     * Clones extents.
     *
     * @param sequence of the journal, from which on nothing refers to chunks that lose their last reference
     * @return by how many bytes the target's extents grow
     * @throws FsException EFBIG if there are too many; the mutation must not go on then
     */
    public static long run(
            Transaction transaction,
            long source,
            long sourceOffset,
            long target,
            long targetOffset,
            long length,
            long sequence)
            throws FsException {
        long end = sourceOffset + length;
        List<ExtentRow> shared = transaction.extents(source, sourceOffset, end, MAX_EXTENTS + 1);
        ExtentEditor editor = new ExtentEditor(transaction, target);
        if (shared.size() > MAX_EXTENTS || editor.cutSome(targetOffset, targetOffset + length, MAX_EXTENTS)) {
            throw new FsException(Errno.EFBIG, "more than " + MAX_EXTENTS + " extents in one step");
        }
        for (ExtentRow extent : shared) {
            long from = Math.max(extent.offset(), sourceOffset);
            long to = Math.min(extent.end(), end);
            int skipped = (int) (from - extent.offset());
            editor.put(from - sourceOffset + targetOffset, to - from, extent.chunk(), extent.chunkOffset() + skipped);
        }
        for (long chunk : editor.touched()) {
            ChunkReferences.released(transaction, chunk, sequence);
        }
        return editor.bytes();
    }
}
