package org.cairnfs.core.data.extent;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    /** Extents of one record at most: 16 GiB of chunks of the usual size. All who change names wait for some 25 us for each. */
    public static final int MAX_EXTENTS = 65_536;

    /** Extents that it cuts at most: for each, it is looked up whether its chunk is still in use. */
    private static final int MAX_CUT = 8_192;

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
        if (shared.size() > MAX_EXTENTS || editor.cutSome(targetOffset, targetOffset + length, MAX_CUT)) {
            throw new FsException(
                    Errno.EFBIG, "more than " + MAX_EXTENTS + " extents in one step, or " + MAX_CUT + " to replace");
        }
        Set<Long> unsure = new HashSet<>(editor.touched());
        for (ExtentRow extent : shared) {
            unsure.remove(extent.chunk());
            long from = Math.max(extent.offset(), sourceOffset);
            long to = Math.min(extent.end(), end);
            int skipped = (int) (from - extent.offset());
            editor.put(from - sourceOffset + targetOffset, to - from, extent.chunk(), extent.chunkOffset() + skipped);
        }
        for (long chunk : unsure) {
            ChunkReferences.released(transaction, chunk, sequence);
        }
        return editor.bytes();
    }
}
