package org.cairnfs.core.testkit;

import static org.cairnfs.core.fs.Access.EXECUTE;
import static org.cairnfs.core.fs.Access.READ;
import static org.cairnfs.core.fs.Access.WRITE;
import static org.cairnfs.core.testkit.ModelRules.check;
import static org.cairnfs.core.testkit.ModelRules.needOrOwner;
import static org.cairnfs.core.testkit.ModelRules.needXattr;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CloneRequest;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.PriorAttributes;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.fs.ReadWithAttributes;
import org.cairnfs.core.fs.SparseRead;
import org.cairnfs.core.fs.WriteResult;
import org.cairnfs.core.fs.XattrFlag;

/** What files hold, by the reference model: bytes, holes, pins, extended attributes. */
abstract class ModelContents extends ModelInodes {
    private static final int XATTR_NAMES_BYTES = 65_536;

    ModelContents(LongSupplier clock) {
        super(clock);
    }

    // ---- pins and grace

    @Override
    public synchronized void pin(FileHandle inode) throws FsException {
        inode(inode).pins++;
    }

    @Override
    public synchronized void unpin(FileHandle handle) {
        ModelInode inode = inodes.get(handle.inode());
        if (inode != null && inode.pins > 0) {
            inode.pins--;
            if (inode.nlink == 0 && inode.pins == 0 && !grace) {
                answers.begin();
                destroy(inode);
            }
        }
    }

    @Override
    public long newestChange() {
        return 0;
    }

    @Override
    public void answered(long change) {
        // This one is not restarted.
    }

    @Override
    public synchronized void endGrace() {
        grace = false;
        answers.giveUp();
        answers.begin();
        List.copyOf(inodes.values()).stream()
                .filter(inode -> inode.nlink == 0 && inode.pins == 0)
                .forEach(this::destroy);
    }

    // ---- bytes

    @Override
    public synchronized ReadResult read(OpContext op, FileHandle inode, long offset, int length) throws FsException {
        needOrOwner(op.credentials(), regular(inode), READ | EXECUTE);
        return readOpen(op, inode, offset, length);
    }

    @Override
    public synchronized ReadWithAttributes readWithAttributes(OpContext op, FileHandle inode, long offset, int length)
            throws FsException {
        Attributes before = getattr(op, inode);
        return new ReadWithAttributes(before, read(op, inode, offset, length));
    }

    @Override
    public synchronized ReadResult readOpen(OpContext op, FileHandle inode, long offset, int length)
            throws FsException {
        ModelInode file = regular(inode);
        check(offset >= 0 && length >= 0, Errno.EINVAL);
        if (length > 0) {
            accessed(file);
        }
        int count = (int) Math.max(0, Math.min(length, file.size - offset));
        ByteBuffer bytes = ByteBuffer.wrap(file.bytes.read(offset, count)).asReadOnlyBuffer();
        return new ReadResult(List.of(bytes), count, offset >= file.size - count);
    }

    @Override
    public synchronized SparseRead readSparse(OpContext op, FileHandle inode, long offset, int length)
            throws FsException {
        needOrOwner(op.credentials(), regular(inode), READ | EXECUTE);
        return readSparseOpen(op, inode, offset, length);
    }

    @Override
    public synchronized SparseRead readSparseOpen(OpContext op, FileHandle inode, long offset, int length)
            throws FsException {
        ModelInode file = regular(inode);
        check(offset >= 0 && length >= 0, Errno.EINVAL);
        if (length > 0) {
            accessed(file);
        }
        int count = (int) Math.max(0, Math.min(length, file.size - offset));
        return new SparseRead(file.bytes.segments(offset, count), offset >= file.size - count);
    }

    @Override
    public synchronized WriteResult write(OpContext op, FileHandle inode, long offset, ByteBuffer data)
            throws FsException {
        needOrOwner(op.credentials(), regular(inode), WRITE);
        return writeOpen(op, inode, offset, data);
    }

    @Override
    public synchronized WriteResult writeOpen(OpContext op, FileHandle inode, long offset, ByteBuffer data)
            throws FsException {
        checkWritable();
        ModelInode file = regular(inode);
        check(offset >= 0, Errno.EINVAL);
        int count = data.remaining();
        check(offset <= MAX_FILE_SIZE - count, Errno.EFBIG);
        if (count > 0) {
            op.notePrior(PriorAttributes.of(file.attributes()));
            wrote(op.credentials(), file);
            file.bytes.write(offset, data);
            data.position(data.limit());
            file.size = Math.max(file.size, offset + count);
        }
        return new WriteResult(count, file.attributes());
    }

    @Override
    public synchronized Attributes deallocate(OpContext op, FileHandle inode, long offset, long length)
            throws FsException {
        checkWritable();
        needOrOwner(op.credentials(), regular(inode), WRITE);
        return deallocateOpen(op, inode, offset, length);
    }

    @Override
    public synchronized Attributes deallocateOpen(OpContext op, FileHandle inode, long offset, long length)
            throws FsException {
        checkWritable();
        ModelInode file = regular(inode);
        check(offset >= 0 && length > 0, Errno.EINVAL);
        wrote(op.credentials(), file);
        long end = length > file.size - offset ? file.size : offset + length;
        file.bytes.punch(offset, end);
        return file.attributes();
    }

    @Override
    public synchronized Attributes allocate(OpContext op, FileHandle inode, long offset, long length)
            throws FsException {
        checkWritable();
        needOrOwner(op.credentials(), regular(inode), WRITE);
        return allocateOpen(op, inode, offset, length);
    }

    @Override
    public synchronized Attributes allocateOpen(OpContext op, FileHandle inode, long offset, long length)
            throws FsException {
        checkWritable();
        ModelInode file = regular(inode);
        check(offset >= 0 && length > 0, Errno.EINVAL);
        check(offset <= MAX_FILE_SIZE - length, Errno.EFBIG);
        wrote(op.credentials(), file);
        file.size = Math.max(file.size, offset + length);
        return file.attributes();
    }

    @Override
    public synchronized Attributes cloneRange(OpContext op, CloneRequest request) throws FsException {
        ModelInode source = regular(request.source());
        checkWritable();
        long offset = request.sourceOffset();
        check(offset >= 0 && request.length() >= 0 && offset <= source.size - request.length(), Errno.EINVAL);
        ModelInode target = regular(request.target());
        if (!request.sourceOpen()) {
            needOrOwner(op.credentials(), source, READ | EXECUTE);
        }
        if (!request.targetOpen()) {
            needOrOwner(op.credentials(), target, WRITE);
        }
        long to = request.targetOffset();
        long length = request.length() == 0 ? source.size - offset : request.length();
        check(to >= 0 && (source != target || Math.abs(offset - to) >= length), Errno.EINVAL);
        check(to <= MAX_FILE_SIZE - length, Errno.EFBIG);
        if (length > 0) {
            wrote(op.credentials(), target);
            target.bytes.cloneRange(source.bytes, offset, to, length);
            target.size = Math.max(target.size, to + length);
        }
        return target.attributes();
    }

    @Override
    public synchronized OptionalLong seek(OpContext op, FileHandle inode, long offset, boolean data)
            throws FsException {
        needOrOwner(op.credentials(), regular(inode), READ | EXECUTE);
        return seekOpen(op, inode, offset, data);
    }

    @Override
    public synchronized OptionalLong seekOpen(OpContext op, FileHandle inode, long offset, boolean data)
            throws FsException {
        ModelInode file = regular(inode);
        check(offset >= 0, Errno.EINVAL);
        check(offset < file.size, Errno.ENXIO);
        return data ? file.bytes.nextData(offset) : OptionalLong.of(Math.min(file.size, file.bytes.nextHole(offset)));
    }

    @Override
    public synchronized void commit(OpContext op, FileHandle inode) throws FsException {
        regular(inode);
    }

    // ---- extended attributes

    @Override
    public synchronized Bytes getXattr(OpContext op, FileHandle handle, Name name) throws FsException {
        ModelInode inode = inode(handle);
        needXattr(op.credentials(), inode, name, READ);
        check(inode.xattrs.containsKey(name), Errno.ENODATA);
        return inode.xattrs.get(name);
    }

    @Override
    public synchronized DirectoryChange setXattr(
            OpContext op, FileHandle handle, Name name, Bytes value, XattrFlag flag) throws FsException {
        Optional<DirectoryChange> resent = answers.resent(op);
        if (resent.isPresent()) {
            return resent.get();
        }
        checkWritable();
        ModelInode inode = inode(handle);
        check(value.length() <= MAX_XATTR_BYTES, Errno.E2BIG);
        needXattr(op.credentials(), inode, name, WRITE);
        boolean there = inode.xattrs.containsKey(name);
        check(flag != XattrFlag.CREATE || !there, Errno.EEXIST);
        check(flag != XattrFlag.REPLACE || there, Errno.ENODATA);
        int names = inode.xattrs.keySet().stream()
                .mapToInt(other -> other.length() + 1)
                .sum();
        check(there || names + name.length() + 1 <= XATTR_NAMES_BYTES, Errno.ENOSPC);
        if (!value.equals(inode.xattrs.put(name, value))) {
            answers.touchXattr(inode, name);
        }
        return answers.answer(op, changed(inode));
    }

    @Override
    public synchronized List<Name> listXattrs(OpContext op, FileHandle inode) throws FsException {
        boolean all = op.credentials().isSuperUser();
        return inode(inode).xattrs.keySet().stream()
                .filter(name -> all || !name.toString().startsWith("trusted."))
                .toList();
    }

    @Override
    public synchronized DirectoryChange removeXattr(OpContext op, FileHandle handle, Name name) throws FsException {
        Optional<DirectoryChange> resent = answers.resent(op);
        if (resent.isPresent()) {
            return resent.get();
        }
        checkWritable();
        ModelInode inode = inode(handle);
        needXattr(op.credentials(), inode, name, WRITE);
        check(inode.xattrs.containsKey(name), Errno.ENODATA);
        inode.xattrs.remove(name);
        answers.touchXattr(inode, name);
        return answers.answer(op, changed(inode));
    }
}
