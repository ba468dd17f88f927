package org.cairnfs.core.namespace;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.cairnfs.core.data.Contents;
import org.cairnfs.core.fs.Access;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CloneRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.fs.ReadWithAttributes;
import org.cairnfs.core.fs.SparseRead;
import org.cairnfs.core.fs.WriteResult;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.InodeRowBuilder;

/**
 * The verbs on contents: checks, times and mode bits are here; the bytes are behind {@link Contents}.
 *
 * <p>What reads writes no row but the access time. What writes bytes runs beside the writer thread, under the inode's lock;
 * deallocate and allocate are mutations.
 */
final class FileAccess {
    private final MetadataStore store;
    private final Writer writer;
    private final Handles handles;
    private final Stats stats;
    private final Guards guards;
    private final Contents contents;
    private final Orphans orphans;
    private final AccessTimes accessTimes;
    private final LongSupplier clock;

    FileAccess(
            MetadataStore store,
            Writer writer,
            Handles handles,
            Stats stats,
            Guards guards,
            Contents contents,
            Orphans orphans,
            AccessTimes accessTimes,
            LongSupplier clock) {
        this.store = store;
        this.writer = writer;
        this.handles = handles;
        this.stats = stats;
        this.guards = guards;
        this.contents = contents;
        this.orphans = orphans;
        this.accessTimes = accessTimes;
        this.clock = clock;
    }

    Bytes readlink(FileHandle handle) throws FsException {
        InodeRow link = handles.inode(store.view(), handle);
        if (link.type() != FileType.SYMLINK) {
            throw new FsException(Errno.EINVAL, "inode " + link.inode() + " is no symbolic link");
        }
        accessTimes.accessed(link);
        return link.target();
    }

    /**
     * Reads.
     *
     * @param open whether the caller holds the file open for reading
     */
    ReadResult read(OpContext op, FileHandle handle, long offset, int length, boolean open) throws FsException {
        return read(toRead(op, handle, offset, length, open), offset, length);
    }

    /** The same for a caller that does not hold it open, with the attributes as they were before. */
    ReadWithAttributes readWithAttributes(OpContext op, FileHandle handle, long offset, int length) throws FsException {
        InodeRow file = toRead(op, handle, offset, length, false);
        Attributes before = stats.of(store.view(), file);
        return new ReadWithAttributes(before, read(file, offset, length));
    }

    private ReadResult read(InodeRow file, long offset, int length) throws FsException {
        if (length == 0) {
            return new ReadResult(List.of(), 0, offset >= file.size());
        }
        accessTimes.accessed(file);
        return contents.read(file, offset, length);
    }

    /** The same, with holes told as such. */
    SparseRead readSparse(OpContext op, FileHandle handle, long offset, int length, boolean open) throws FsException {
        InodeRow file = toRead(op, handle, offset, length, open);
        if (length == 0) {
            return new SparseRead(List.of(), offset >= file.size());
        }
        accessTimes.accessed(file);
        return contents.readSparse(file, offset, length);
    }

    private InodeRow toRead(OpContext op, FileHandle handle, long offset, int length, boolean open) throws FsException {
        InodeRow file = handles.file(store.view(), handle);
        if (!open) {
            Permissions.requireAnyOrOwner(op.credentials(), file, Access.READ | Access.EXECUTE);
        }
        if (offset < 0 || length < 0) {
            throw new FsException(Errno.EINVAL, "a read of " + length + " bytes at " + offset);
        }
        return file;
    }

    /**
     * Writes.
     *
     * @param open whether the caller holds the file open for writing
     */
    WriteResult write(OpContext op, FileHandle handle, long offset, ByteBuffer data, boolean open) throws FsException {
        writer.requireWritable();
        InodeRow file = handles.file(store.view(), handle);
        Credentials who = op.credentials();
        if (!open) {
            Permissions.requireAnyOrOwner(who, file, Access.WRITE);
        }
        if (offset < 0) {
            throw new FsException(Errno.EINVAL, "a write at " + offset);
        }
        int count = data.remaining();
        requireSize(offset, count);
        if (count == 0) {
            return new WriteResult(0, stats.of(store.view(), file));
        }
        long end = offset + count;
        guards.beforeChange(op, file);
        try {
            InodeRow after = contents.write(op, file.inode(), offset, data, present -> {
                guards.requireUnlocked(present); // Once more: a lock may have come meanwhile.
                requireRoom(present, end);
                op.notePrior(Stats.prior(present));
                return written(present, who, clock.getAsLong(), store.nextChange())
                        .build();
            });
            return new WriteResult(count, stats.of(store.view(), after));
        } finally {
            guards.afterChange(op);
        }
    }

    Attributes deallocate(OpContext op, FileHandle handle, long offset, long length, boolean open) throws FsException {
        InodeRow punched = writer.change(op, transaction -> {
            InodeRow file = handles.fileToChange(transaction, handle);
            checkRange(op.credentials(), file, offset, length, open);
            guards.beforeChange(op, file);
            if (offset < file.size()) {
                contents.punch(transaction, file, offset, Math.min(length, file.size() - offset));
            }
            InodeRow after = written(file, op.credentials(), transaction.now(), transaction.nextChange())
                    .build();
            transaction.put(after);
            return after;
        });
        // Not within the mutation: what is given back is known when it is in the journal.
        return stats.of(store.view(), punched);
    }

    Attributes allocate(OpContext op, FileHandle handle, long offset, long length, boolean open) throws FsException {
        InodeRow grown = writer.change(op, transaction -> {
            InodeRow file = handles.fileToChange(transaction, handle);
            checkRange(op.credentials(), file, offset, length, open);
            requireSize(offset, length);
            requireRoom(file, offset + length);
            guards.beforeChange(op, file);
            InodeRow after = written(file, op.credentials(), transaction.now(), transaction.nextChange())
                    .size(Math.max(file.size(), offset + length))
                    .build();
            transaction.put(after);
            return after;
        });
        return stats.of(store.view(), grown);
    }

    Attributes cloneRange(OpContext op, CloneRequest request) throws FsException {
        InodeRow before = handles.file(store.view(), request.source());
        writer.requireWritable();
        requireSource(before, request);
        contents.awaitRoomToClone(
                before, request.sourceOffset(), length(before, request), handles.file(store.view(), request.target()));
        InodeRow cloned = writer.change(op, transaction -> cloneRange(op, transaction, request));
        return stats.of(store.view(), cloned);
    }

    private InodeRow cloneRange(OpContext op, Transaction transaction, CloneRequest request) throws FsException {
        Credentials who = op.credentials();
        InodeRow source = handles.fileToChange(transaction, request.source());
        InodeRow target = handles.fileToChange(transaction, request.target());
        if (!request.sourceOpen()) {
            Permissions.requireAnyOrOwner(who, source, Access.READ | Access.EXECUTE);
        }
        if (!request.targetOpen()) {
            Permissions.requireAnyOrOwner(who, target, Access.WRITE);
        }
        requireSource(source, request);
        long length = length(source, request);
        long distance = Math.abs(request.sourceOffset() - request.targetOffset());
        if (request.targetOffset() < 0 || source.inode() == target.inode() && distance < length) {
            throw new FsException(Errno.EINVAL, "a range cannot be cloned to " + request.targetOffset());
        }
        requireSize(request.targetOffset(), length);
        if (length == 0) {
            return target;
        }
        requireRoom(target, request.targetOffset() + length);
        guards.beforeChange(op, target);
        boolean replaced = source.inode() != target.inode() && request.targetOffset() == 0 && length >= target.size();
        InodeRow into = replaced ? emptied(transaction, target) : target;
        long used =
                contents.cloneRange(transaction, source, request.sourceOffset(), into, request.targetOffset(), length);
        InodeRow after = written(into, who, transaction.now(), transaction.nextChange())
                .size(Math.max(into.size(), request.targetOffset() + length))
                .used(into.used() + used)
                .build();
        transaction.put(after);
        return after;
    }

    /** A file with a content of its own that is new: what was in the old one is freed in the background, and not here. */
    private InodeRow emptied(Transaction transaction, InodeRow file) {
        orphans.dropContent(transaction, file);
        return file.edit().content(transaction.newContent()).used(0).size(0).build();
    }

    private static void requireSource(InodeRow source, CloneRequest request) throws FsException {
        long offset = request.sourceOffset();
        if (offset < 0 || request.length() < 0 || offset > source.size() - request.length()) {
            throw new FsException(
                    Errno.EINVAL,
                    request.length() + " bytes at " + offset + " of a file of " + source.size() + " bytes");
        }
    }

    /** How many bytes are cloned, given the source as it is. */
    private static long length(InodeRow source, CloneRequest request) {
        return request.length() == 0 ? source.size() - request.sourceOffset() : request.length();
    }

    OptionalLong seek(OpContext op, FileHandle handle, long offset, boolean data, boolean open) throws FsException {
        InodeRow file = handles.file(store.view(), handle);
        if (!open) {
            Permissions.requireAnyOrOwner(op.credentials(), file, Access.READ | Access.EXECUTE);
        }
        if (offset < 0) {
            throw new FsException(Errno.EINVAL, "a seek from " + offset);
        }
        if (offset >= file.size()) {
            throw new FsException(Errno.ENXIO, "a seek from " + offset + ", at or past the end");
        }
        return contents.seek(file, offset, data);
    }

    void commit(FileHandle handle) throws FsException {
        contents.commit(handles.file(store.view(), handle).inode());
    }

    private static void checkRange(Credentials who, InodeRow file, long offset, long length, boolean open)
            throws FsException {
        if (!open) {
            Permissions.requireAnyOrOwner(who, file, Access.WRITE);
        }
        if (offset < 0 || length <= 0) {
            throw new FsException(Errno.EINVAL, "a range of " + length + " bytes at " + offset);
        }
    }

    /** For a file to reach up to an offset; EDQUOT. */
    private void requireRoom(InodeRow file, long end) throws FsException {
        guards.requireRoom(file, Math.max(0, end - file.size()), 0);
    }

    private static void requireSize(long offset, long length) throws FsException {
        if (offset > FileSystem.MAX_FILE_SIZE - length) {
            throw new FsException(Errno.EFBIG, "a file of more than " + FileSystem.MAX_FILE_SIZE + " bytes");
        }
    }

    /** What every change of contents does to an inode. */
    private static InodeRowBuilder written(InodeRow file, Credentials who, long now, long change) {
        return file.edit()
                .mode(ModeBits.afterWrite(who, file))
                .mtime(now)
                .ctime(now)
                .change(change);
    }
}
