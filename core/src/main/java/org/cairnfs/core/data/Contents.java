package org.cairnfs.core.data;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.fs.SparseRead;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.InodeRow;

/**
 * The bytes of regular files, as the namespace verbs see them: what was written and not flushed yet lies over what is in
 * chunks.
 *
 * <p>Arguments are checked by the verbs: inodes are regular files, offsets and lengths are not negative, and their sum does
 * not overflow. Permissions, times, {@code change}, mode bits and sizes are the verbs' business, but for the growth of the
 * size by a write.
 *
 * <p><b>Two ways to change.</b> {@link #write} runs outside the writer thread, under the inode's lock ({@link
 * org.cairnfs.core.metadata.MetadataStore#update}). The methods that take a {@link Transaction} run on the writer thread,
 * inside a mutation that read the inode by {@link Transaction#inode} and so holds its lock: they add the content operation to
 * the record and change what is in memory in {@link Transaction#onAppended}, at the moment of the append.
 *
 * <p><b>Threading.</b> Safe for any number of threads. Nothing here is called with an inode lock held, but for the methods
 * that take a transaction.
 */
public interface Contents {
    /**
     * Reads. The size is looked at again together with the ranges, at one moment under the inode's lock, so no byte past a
     * truncation shows.
     *
     * @param file the inode, as the caller saw it
     * @throws FsException ESTALE if it went meanwhile; EIO; EAGAIN when the object store is away
     */
    ReadResult read(InodeRow file, long offset, int length) throws FsException;

    /** Like {@link #read}, with holes told as such. */
    SparseRead readSparse(InodeRow file, long offset, int length) throws FsException;

    /**
     * Writes: journals the bytes with the new image of the inode, in one record, and notes the sequence in {@code op}.
     *
     * @param data from position to limit, at least one byte; taken before return
     * @param attributes what the verb changes besides the size (times, change, cleared mode bits); called under the inode's
     *     lock with its present image; must not block
     * @return the inode after it
     * @throws FsException ESTALE; EAGAIN at the bound of dirty data or of the journal; what {@code attributes} threw
     */
    InodeRow write(OpContext op, long inode, long offset, ByteBuffer data, Attributes attributes) throws FsException;

    /** What a verb changes of an inode besides its contents. */
    @FunctionalInterface
    interface Attributes {
        /** @throws FsException if the inode must not change after all */
        InodeRow change(InodeRow present) throws FsException;
    }

    /**
     * Cuts off what is at and after {@code newSize}: it reads as zeros when the file grows again. The caller puts the row with
     * the new size; growth needs no call.
     *
     * @param file the inode as it is before
     */
    void truncate(Transaction transaction, InodeRow file, long newSize);

    /** Makes a range, within the size, read as zeros. */
    void punch(Transaction transaction, InodeRow file, long offset, long length);

    /**
     * Waits for room for a clone, before its mutation; and until nothing is dirty in the target that was written before the last snapshot.
     *
     * @throws FsException EAGAIN at the bound of dirty data or of the journal; EFBIG
     */
    void awaitRoomToClone(InodeRow source, long offset, long length, InodeRow target) throws FsException;

    /**
     * Makes a range of the target read as a range of the source does, sharing its chunks. The caller puts the target's row, with
     * the size and with {@link InodeRow#used()} changed by what this returns. Both inodes were read by {@link Transaction#inode}; if
     * they are the same, the ranges do not overlap.
     *
     * @param source as it is before
     * @param target as it is before
     * @param length positive, within the source's size
     * @return by how much {@code used} changes
     * @throws FsException EFBIG if more extents are concerned than one record holds; EAGAIN if a snapshot was taken meanwhile
     */
    long cloneRange(
            Transaction transaction,
            InodeRow source,
            long sourceOffset,
            InodeRow target,
            long targetOffset,
            long length)
            throws FsException;

    /**
     * Forgets a content whose last inode goes: what is not flushed never will be. Extents and chunks are freed by the
     * {@code free-content} work.
     */
    void drop(Transaction transaction, InodeRow file);

    /**
     * The next offset at or after {@code offset} (which is below the size) that is data (or hole); the size itself if there is no
     * hole before it.
     *
     * @return empty if there is no data any more
     * @throws FsException ENXIO if the file shrank meanwhile below {@code offset}
     */
    OptionalLong seek(InodeRow file, long offset, boolean data) throws FsException;

    /** Makes all that was answered about a file stable, its attributes too; returns when it is. */
    void commit(long inode) throws FsException;

    /** Bytes of a content that were written and are in no extent yet: an estimate, to be added to {@link InodeRow#used()}. */
    long dirtyBytes(long content);

    /** Whether something that was written before an epoch, to any file, is not in extents yet. */
    boolean hasUnflushedBefore(long epoch);
}
