package org.cairnfs.core.testkit;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.cairnfs.core.data.Contents;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.fs.SparseRead;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.record.ContentOp;

/** The contract of {@link Contents} in plain memory. Its own lock, always taken last, guards the bytes. */
public final class MemoryContents implements Contents {
    private final MetadataStore store;
    private final Map<Long, SparseBytes> contents;
    private volatile boolean full;

    public MemoryContents(MetadataStore store) {
        this(store, new HashMap<>());
    }

    private MemoryContents(MetadataStore store, Map<Long, SparseBytes> contents) {
        this.store = store;
        this.contents = contents;
    }

    /** The same bytes beside a store that was started again. */
    public MemoryContents restarted(MetadataStore again) {
        return new MemoryContents(again, contents);
    }

    /** From now on writes find no room. */
    public void fill() {
        full = true;
    }

    /** How many contents there are that were ever written to. */
    public synchronized int count() {
        return contents.size();
    }

    private SparseBytes bytes(long content) {
        return contents.computeIfAbsent(content, id -> new SparseBytes());
    }

    @Override
    public ReadResult read(InodeRow file, long offset, int length) throws FsException {
        return store.locked(file.inode(), (present, appender) -> {
            int count = (int) Math.max(0, Math.min(length, present.size() - offset));
            synchronized (this) {
                ByteBuffer data = ByteBuffer.wrap(bytes(present.content()).read(offset, count))
                        .asReadOnlyBuffer();
                return new ReadResult(List.of(data), count, offset >= present.size() - count);
            }
        });
    }

    @Override
    public SparseRead readSparse(InodeRow file, long offset, int length) throws FsException {
        return store.locked(file.inode(), (present, appender) -> {
            int count = (int) Math.max(0, Math.min(length, present.size() - offset));
            synchronized (this) {
                return new SparseRead(
                        bytes(present.content()).segments(offset, count), offset >= present.size() - count);
            }
        });
    }

    @Override
    public InodeRow write(OpContext op, long inode, long offset, ByteBuffer data, Attributes attributes)
            throws FsException {
        if (full) {
            throw new FsException(Errno.EAGAIN, "no room");
        }
        return store.update(inode, (present, appender) -> {
            InodeRow after = attributes
                    .change(present)
                    .edit()
                    .size(Math.max(present.size(), offset + data.remaining()))
                    .build();
            ContentOp write = new ContentOp.Write(inode, present.content(), offset, data.remaining());
            op.noteJournaled(appender.append(after, List.of(write), data).sequence());
            synchronized (this) {
                bytes(present.content()).write(offset, data);
            }
            data.position(data.limit());
            return after;
        });
    }

    @Override
    public void truncate(Transaction transaction, InodeRow file, long newSize) {
        punch(transaction, file, newSize, Long.MAX_VALUE - newSize);
    }

    @Override
    public void punch(Transaction transaction, InodeRow file, long offset, long length) {
        transaction.content(new ContentOp.Hole(file.inode(), file.content(), offset, length));
        transaction.onAppended(sequence -> {
            synchronized (this) {
                bytes(file.content()).punch(offset, offset + length);
            }
        });
    }

    @Override
    public void awaitRoomToClone(InodeRow source, long offset, long length, InodeRow target) {
        // There always is.
    }

    @Override
    public long cloneRange(
            Transaction transaction,
            InodeRow source,
            long sourceOffset,
            InodeRow target,
            long targetOffset,
            long length) {
        transaction.content(new ContentOp.CloneRange(
                source.content(), sourceOffset, target.inode(), target.content(), targetOffset, length));
        transaction.onAppended(sequence -> {
            synchronized (this) {
                bytes(target.content()).cloneRange(bytes(source.content()), sourceOffset, targetOffset, length);
            }
        });
        return 0;
    }

    @Override
    public void drop(Transaction transaction, InodeRow file) {
        transaction.content(new ContentOp.Drop(file.content(), 0));
        transaction.onAppended(sequence -> {
            synchronized (this) {
                contents.remove(file.content());
            }
        });
    }

    @Override
    public OptionalLong seek(InodeRow file, long offset, boolean data) throws FsException {
        return store.locked(file.inode(), (present, appender) -> {
            if (offset >= present.size()) {
                throw new FsException(Errno.ENXIO, "the file shrank");
            }
            synchronized (this) {
                SparseBytes bytes = bytes(present.content());
                return data
                        ? bytes.nextData(offset)
                        : OptionalLong.of(Math.min(present.size(), bytes.nextHole(offset)));
            }
        });
    }

    @Override
    public void commit(long inode) {
        // Memory is as stable as it gets.
    }

    @Override
    public synchronized long dirtyBytes(long content) {
        SparseBytes bytes = contents.get(content);
        return bytes == null ? 0 : bytes.used();
    }

    /** Everything is in memory at once, and in no extents. */
    @Override
    public boolean hasUnflushedBefore(long epoch) {
        return false;
    }
}
