package org.cairnfs.core.data;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.fs.SparseRead;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.InodeRow;

/** The bytes of the files of a snapshot: they can be read, and that is all. Thread-safe. */
final class SnapshotContents implements Contents {
    private final ContentReader reading;

    SnapshotContents(ContentReader reading) {
        this.reading = reading;
    }

    @Override
    public ReadResult read(InodeRow file, long offset, int length) throws FsException {
        return reading.read(file.inode(), offset, length);
    }

    @Override
    public SparseRead readSparse(InodeRow file, long offset, int length) throws FsException {
        return reading.readSparse(file.inode(), offset, length);
    }

    @Override
    public OptionalLong seek(InodeRow file, long offset, boolean data) throws FsException {
        return reading.seek(file.inode(), offset, data);
    }

    /** What was not flushed yet is not told: it would grow while it is, and a snapshot does not change. */
    @Override
    public long dirtyBytes(long content) {
        return 0;
    }

    /** A snapshot was stable when it was answered. */
    @Override
    public void commit(long inode) {}

    @Override
    public InodeRow write(OpContext op, long inode, long offset, ByteBuffer data, Attributes attributes)
            throws FsException {
        throw readOnly();
    }

    @Override
    public void awaitRoomToClone(InodeRow source, long offset, long length, InodeRow target) throws FsException {
        throw readOnly();
    }

    @Override
    public long cloneRange(
            Transaction transaction,
            InodeRow source,
            long sourceOffset,
            InodeRow target,
            long targetOffset,
            long length)
            throws FsException {
        throw readOnly();
    }

    @Override
    public void truncate(Transaction transaction, InodeRow file, long newSize) {
        throw new IllegalStateException("a mutation of a snapshot");
    }

    @Override
    public void punch(Transaction transaction, InodeRow file, long offset, long length) {
        throw new IllegalStateException("a mutation of a snapshot");
    }

    @Override
    public void drop(Transaction transaction, InodeRow file) {
        throw new IllegalStateException("a mutation of a snapshot");
    }

    private static FsException readOnly() {
        return new FsException(Errno.EROFS, "a snapshot does not change");
    }

    /** Nothing is copied by way of a snapshot's verbs. */
    @Override
    public boolean hasUnflushedBefore(long epoch) {
        return false;
    }
}
