package org.cairnfs.core.view;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.cairnfs.core.data.Contents;
import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.data.dirty.DirtyRange;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.fs.SparseRead;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.record.ContentOp;
import org.cairnfs.core.record.JournalRecord;
import org.cairnfs.core.record.JournalRecordCodec;

/**
 * Contents of a view: those of a {@link Contents}, but that bytes which are laid over them change no row.
 *
 * <p>The row has the size, times and change number of the server's write already, as the server shipped it. With a number of our own in
 * place of the server's, a client could keep bytes of one view for those of another.
 */
final class StillContents implements Contents {
    private final Contents contents;
    private final MetadataStore metadata;
    private final Journal journal;
    private final DirtyMap dirty;

    StillContents(Contents contents, MetadataStore metadata, Journal journal, DirtyMap dirty) {
        this.contents = contents;
        this.metadata = metadata;
        this.journal = journal;
        this.dirty = dirty;
    }

    @Override
    public InodeRow write(OpContext op, long inode, long offset, ByteBuffer data, Attributes attributes)
            throws FsException {
        return metadata.locked(inode, (row, appender) -> {
            ContentOp write = new ContentOp.Write(inode, row.content(), offset, data.remaining());
            JournalRecord record = new JournalRecord(
                    JournalRecord.Kind.LAZY, List.of(), List.of(write), Optional.empty(), Bytes.EMPTY);
            try {
                Journal.Appended appended = journal.append(JournalRecordCodec.encode(record), data);
                dirty.put(
                        inode,
                        row.content(),
                        metadata.view().epoch(),
                        DirtyRange.data(offset, appended.sequence(), appended.payload()));
            } catch (JournalFailedException e) {
                throw new FsException(Errno.EIO, e.getMessage(), e);
            }
            return row;
        });
    }

    @Override
    public ReadResult read(InodeRow file, long offset, int length) throws FsException {
        return contents.read(file, offset, length);
    }

    @Override
    public SparseRead readSparse(InodeRow file, long offset, int length) throws FsException {
        return contents.readSparse(file, offset, length);
    }

    @Override
    public void truncate(Transaction transaction, InodeRow file, long newSize) {
        contents.truncate(transaction, file, newSize);
    }

    @Override
    public void punch(Transaction transaction, InodeRow file, long offset, long length) {
        contents.punch(transaction, file, offset, length);
    }

    @Override
    public void awaitRoomToClone(InodeRow source, long offset, long length, InodeRow target) throws FsException {
        contents.awaitRoomToClone(source, offset, length, target);
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
        return contents.cloneRange(transaction, source, sourceOffset, target, targetOffset, length);
    }

    @Override
    public void drop(Transaction transaction, InodeRow file) {
        contents.drop(transaction, file);
    }

    @Override
    public OptionalLong seek(InodeRow file, long offset, boolean data) throws FsException {
        return contents.seek(file, offset, data);
    }

    @Override
    public void commit(long inode) throws FsException {
        contents.commit(inode);
    }

    @Override
    public long dirtyBytes(long content) {
        return contents.dirtyBytes(content);
    }

    /** Nothing is written here. */
    @Override
    public boolean hasUnflushedBefore(long epoch) {
        return false;
    }
}
