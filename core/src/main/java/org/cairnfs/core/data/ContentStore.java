package org.cairnfs.core.data;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import org.cairnfs.core.data.dirty.DirtyContent;
import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.data.dirty.DirtyRange;
import org.cairnfs.core.data.extent.ExtentClone;
import org.cairnfs.core.data.read.PieceReader;
import org.cairnfs.core.data.read.ReadAhead;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.fs.SparseRead;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.record.ContentOp;

/**
 * The bytes of regular files: writes go to the journal and the dirty map, reads lay the dirty map over extents.
 *
 * <p>Invariant: under an inode's lock, dirty map and size agree with all records that were appended about it, in their order.
 *
 * <p>A reader takes the dirty ranges under that lock and the extents without it: flushes change extents under dirty ranges only, so
 * the two still fit. A clone does not; it is counted in {@link PresentFiles} while it holds the lock, before its extents are seen, and who
 * finds the count changed looks again.
 */
public final class ContentStore implements Contents {
    /** Bytes of one journal record at most; a longer write becomes several. */
    private static final int BYTES_PER_RECORD = 4 << 20;

    /** What a write's record takes in the journal beside its bytes, at most. */
    private static final int RECORD_OVERHEAD = 2_048;

    /** What an extent takes in a clone's record, put or cut, at most. */
    private static final int BYTES_PER_CLONED_EXTENT = 32;

    /** How long a writer waits at a bound before its client is asked to come again. */
    private static final long WAIT_MILLIS = 5_000;

    private final MetadataStore metadata;
    private final Journal journal;
    private final DirtyMap dirty;
    private final PieceReader reader;
    private final ReadAhead readAhead;
    private final PresentFiles files;
    private final ContentReader reading;
    private final Room room;
    private final Stability stability;
    private final Settling settling;

    /**
     * Contents of the files of a store.
     *
     * @param room where dirty data has its bound
     * @param stability makes everything up to a sequence stable
     * @param settling brings what is dirty of a content into the store
     */
    public ContentStore(
            MetadataStore metadata,
            Journal journal,
            DirtyMap dirty,
            PieceReader reader,
            ReadAhead readAhead,
            Room room,
            Stability stability,
            Settling settling) {
        this.metadata = metadata;
        this.journal = journal;
        this.dirty = dirty;
        this.reader = reader;
        this.readAhead = readAhead;
        this.files = new PresentFiles(metadata, journal, dirty);
        this.reading = new ContentReader(files, reader, readAhead);
        this.room = room;
        this.stability = stability;
        this.settling = settling;
    }

    /** What a write waits for. */
    @FunctionalInterface
    public interface Room {
        /** Waits until so many bytes more may become dirty; false if there was no room in time. */
        boolean await(long bytes, long timeoutMillis);
    }

    /** What a commit waits for. */
    @FunctionalInterface
    public interface Stability {
        /** @throws FsException EAGAIN if it takes long */
        void await(long sequence) throws FsException, JournalFailedException;
    }

    /** What a clone into a file waits for that was written to before a snapshot and is not flushed. */
    @FunctionalInterface
    public interface Settling {
        void flush(long content) throws FsException;
    }

    /** The bytes of the files as of the end of an epoch that a snapshot shows. */
    public Contents asOf(long epoch) {
        MetadataView view = metadata.asOf(epoch);
        return new SnapshotContents(
                new ContentReader(new SnapshotFiles(view, journal, dirty), reader, readAhead.over(view)));
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

    @Override
    public InodeRow write(OpContext op, long inode, long offset, ByteBuffer data, Attributes attributes)
            throws FsException {
        InodeRow after = null;
        long at = offset;
        while (data.hasRemaining()) {
            int length = Math.min(data.remaining(), BYTES_PER_RECORD);
            ByteBuffer part = data.slice(data.position(), length);
            after = writeRecord(op, inode, at, part, attributes);
            data.position(data.position() + length);
            at += length;
        }
        return after;
    }

    private InodeRow writeRecord(OpContext op, long inode, long offset, ByteBuffer data, Attributes attributes)
            throws FsException {
        int length = data.remaining();
        awaitRoom(length, length + RECORD_OVERHEAD);
        return metadata.update(inode, (present, appender) -> {
            InodeRow changed = attributes.change(present);
            InodeRow after = changed.edit()
                    .size(Math.max(changed.size(), offset + length))
                    .build();
            long content = after.content();
            Journal.Appended appended =
                    appender.append(after, List.of(new ContentOp.Write(inode, content, offset, length)), data);
            // Nobody raises it while the lock is held.
            long epoch = metadata.view().epoch();
            dirty.put(inode, content, epoch, DirtyRange.data(offset, appended.sequence(), appended.payload()));
            op.noteJournaled(appended.sequence());
            return after;
        });
    }

    private void awaitRoom(long dirtyBytes, long journalBytes) throws FsException {
        try {
            if (!room.await(dirtyBytes, WAIT_MILLIS)
                    || !journal.awaitRoom(Journal.Room.NORMAL, journalBytes, WAIT_MILLIS)) {
                throw new FsException(Errno.EAGAIN, "too much is written and not in the object store yet");
            }
        } catch (JournalFailedException e) {
            throw new FsException(Errno.EIO, e.getMessage(), e);
        }
    }

    @Override
    public void truncate(Transaction transaction, InodeRow file, long newSize) {
        if (newSize < file.size()) {
            punch(transaction, file, newSize, Long.MAX_VALUE - newSize);
        }
    }

    @Override
    public void punch(Transaction transaction, InodeRow file, long offset, long length) {
        transaction.content(new ContentOp.Hole(file.inode(), file.content(), offset, length));
        long epoch = transaction.epoch();
        transaction.onAppended(
                sequence -> dirty.put(file.inode(), file.content(), epoch, DirtyRange.hole(offset, length, sequence)));
    }

    @Override
    public void awaitRoomToClone(InodeRow source, long offset, long length, InodeRow target) throws FsException {
        if (dirty.isDirtyBefore(target.content(), metadata.view().epoch())) {
            settling.flush(target.content());
        }
        int extents = metadata.view()
                .extents(source.content(), offset, offset + length, ExtentClone.MAX_EXTENTS + 1)
                .size();
        if (extents > ExtentClone.MAX_EXTENTS) {
            throw new FsException(Errno.EFBIG, "a range of more than " + ExtentClone.MAX_EXTENTS + " extents");
        }
        long dirtyBytes = dirty.within(source.content(), offset, offset + length).stream()
                .filter(range -> !range.isHole())
                .mapToLong(DirtyRange::length)
                .sum();
        awaitRoom(dirtyBytes, RECORD_OVERHEAD + (long) extents * BYTES_PER_CLONED_EXTENT);
    }

    /** What is dirty of the source becomes so of the target: the flush of each finds the same chunks. */
    @Override
    public long cloneRange(
            Transaction transaction,
            InodeRow source,
            long sourceOffset,
            InodeRow target,
            long targetOffset,
            long length)
            throws FsException {
        long epoch = transaction.epoch();
        if (dirty.isDirtyBefore(target.content(), epoch)) {
            throw new FsException(Errno.EAGAIN, "what was written before the last snapshot is not in the store yet");
        }
        files.isClonedInto(target.inode());
        long used = ExtentClone.run(
                transaction,
                source.content(),
                sourceOffset,
                target.content(),
                targetOffset,
                length,
                journal.lastSequence());
        transaction.content(new ContentOp.CloneRange(
                source.content(), sourceOffset, target.inode(), target.content(), targetOffset, length));
        transaction.onAppended(sequence -> dirty.cloneRange(
                source.content(),
                sourceOffset,
                target.inode(),
                target.content(),
                targetOffset,
                length,
                epoch,
                sequence));
        return used;
    }

    @Override
    public void drop(Transaction transaction, InodeRow file) {
        long epoch = transaction.epoch();
        transaction.content(new ContentOp.Drop(file.content(), epoch));
        transaction.onAppended(sequence -> dirty.drop(file.content(), epoch));
    }

    @Override
    public void commit(long inode) throws FsException {
        try {
            stability.await(journal.lastSequence());
        } catch (JournalFailedException e) {
            throw new FsException(Errno.EIO, e.getMessage(), e);
        }
    }

    @Override
    public long dirtyBytes(long content) {
        return dirty.content(content).map(DirtyContent::dataBytes).orElse(0L);
    }

    @Override
    public boolean hasUnflushedBefore(long epoch) {
        return dirty.isAnyDirtyBefore(epoch);
    }
}
