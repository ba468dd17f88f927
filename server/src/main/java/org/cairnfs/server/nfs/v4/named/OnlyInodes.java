package org.cairnfs.server.nfs.v4.named;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CloneRequest;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Created;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.FsStatistics;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.Origin;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.fs.ReadWithAttributes;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.Renamed;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.SparseRead;
import org.cairnfs.core.fs.WriteResult;
import org.cairnfs.core.fs.XattrFlag;

/**
 * A file system for inodes as it is, and for named attributes one that supports nothing: ENOTSUP for each verb that is given the
 * handle of one. As safe for use by several threads as the file system itself.
 */
abstract class OnlyInodes implements FileSystem {
    private final FileSystem inodes;

    OnlyInodes(FileSystem inodes) {
        this.inodes = inodes;
    }

    /** The file system that knows of inodes only. */
    final FileSystem inodes() {
        return inodes;
    }

    private static FileHandle inode(FileHandle handle) throws FsException {
        if (!handle.isInode()) {
            throw new FsException(Errno.ENOTSUP, "not for named attributes: " + handle);
        }
        return handle;
    }

    @Override
    public FileHandle root() {
        return inodes.root();
    }

    @Override
    public Attributes getattr(OpContext op, FileHandle inode) throws FsException {
        return inodes.getattr(op, inode(inode));
    }

    @Override
    public Attributes setattr(OpContext op, FileHandle inode, SetAttributes attributes) throws FsException {
        return inodes.setattr(op, inode(inode), attributes);
    }

    @Override
    public Attributes setattrOpen(OpContext op, FileHandle inode, SetAttributes attributes) throws FsException {
        return inodes.setattrOpen(op, inode(inode), attributes);
    }

    @Override
    public void checkWritable(OpContext op, FileHandle inode) throws FsException {
        inodes.checkWritable(op, inode(inode));
    }

    @Override
    public int access(OpContext op, FileHandle inode, int wanted) throws FsException {
        return inodes.access(op, inode(inode), wanted);
    }

    @Override
    public Node lookup(OpContext op, FileHandle directory, Name name) throws FsException {
        return inodes.lookup(op, inode(directory), name);
    }

    @Override
    public Node lookupParent(OpContext op, FileHandle directory) throws FsException {
        return inodes.lookupParent(op, inode(directory));
    }

    @Override
    public Created create(OpContext op, FileHandle directory, Name name, CreateRequest request) throws FsException {
        return inodes.create(op, inode(directory), name, request);
    }

    @Override
    public DirectoryChange link(OpContext op, FileHandle inode, FileHandle directory, Name name) throws FsException {
        return inodes.link(op, inode(inode), inode(directory), name);
    }

    @Override
    public Renamed rename(
            OpContext op, FileHandle source, Name sourceName, FileHandle target, Name targetName, RenameFlag flag)
            throws FsException {
        return inodes.rename(op, inode(source), sourceName, inode(target), targetName, flag);
    }

    @Override
    public DirectoryChange remove(OpContext op, FileHandle directory, Name name, RemoveKind kind) throws FsException {
        return inodes.remove(op, inode(directory), name, kind);
    }

    @Override
    public DirectoryPage readdir(OpContext op, FileHandle directory, long after, int limit, boolean attributes)
            throws FsException {
        return inodes.readdir(op, inode(directory), after, limit, attributes);
    }

    @Override
    public Bytes readlink(OpContext op, FileHandle inode) throws FsException {
        return inodes.readlink(op, inode(inode));
    }

    @Override
    public void pin(FileHandle inode) throws FsException {
        inodes.pin(inode(inode));
    }

    @Override
    public void unpin(FileHandle inode) {
        inodes.unpin(inode.ofInode());
    }

    @Override
    public long newestChange() {
        return inodes.newestChange();
    }

    @Override
    public void answered(long change) {
        inodes.answered(change);
    }

    @Override
    public void endGrace() {
        inodes.endGrace();
    }

    @Override
    public ReadResult read(OpContext op, FileHandle inode, long offset, int length) throws FsException {
        return inodes.read(op, inode(inode), offset, length);
    }

    @Override
    public ReadWithAttributes readWithAttributes(OpContext op, FileHandle inode, long offset, int length)
            throws FsException {
        return inodes.readWithAttributes(op, inode(inode), offset, length);
    }

    @Override
    public ReadResult readOpen(OpContext op, FileHandle inode, long offset, int length) throws FsException {
        return inodes.readOpen(op, inode(inode), offset, length);
    }

    @Override
    public SparseRead readSparse(OpContext op, FileHandle inode, long offset, int length) throws FsException {
        return inodes.readSparse(op, inode(inode), offset, length);
    }

    @Override
    public SparseRead readSparseOpen(OpContext op, FileHandle inode, long offset, int length) throws FsException {
        return inodes.readSparseOpen(op, inode(inode), offset, length);
    }

    @Override
    public WriteResult write(OpContext op, FileHandle inode, long offset, ByteBuffer data) throws FsException {
        return inodes.write(op, inode(inode), offset, data);
    }

    @Override
    public WriteResult writeOpen(OpContext op, FileHandle inode, long offset, ByteBuffer data) throws FsException {
        return inodes.writeOpen(op, inode(inode), offset, data);
    }

    @Override
    public Attributes deallocate(OpContext op, FileHandle inode, long offset, long length) throws FsException {
        return inodes.deallocate(op, inode(inode), offset, length);
    }

    @Override
    public Attributes deallocateOpen(OpContext op, FileHandle inode, long offset, long length) throws FsException {
        return inodes.deallocateOpen(op, inode(inode), offset, length);
    }

    @Override
    public Attributes allocate(OpContext op, FileHandle inode, long offset, long length) throws FsException {
        return inodes.allocate(op, inode(inode), offset, length);
    }

    @Override
    public Attributes allocateOpen(OpContext op, FileHandle inode, long offset, long length) throws FsException {
        return inodes.allocateOpen(op, inode(inode), offset, length);
    }

    @Override
    public Attributes cloneRange(OpContext op, CloneRequest request) throws FsException {
        inode(request.source());
        inode(request.target());
        return inodes.cloneRange(op, request);
    }

    @Override
    public OptionalLong seek(OpContext op, FileHandle inode, long offset, boolean data) throws FsException {
        return inodes.seek(op, inode(inode), offset, data);
    }

    @Override
    public OptionalLong seekOpen(OpContext op, FileHandle inode, long offset, boolean data) throws FsException {
        return inodes.seekOpen(op, inode(inode), offset, data);
    }

    @Override
    public void commit(OpContext op, FileHandle inode) throws FsException {
        inodes.commit(op, inode(inode));
    }

    @Override
    public Bytes getXattr(OpContext op, FileHandle inode, Name name) throws FsException {
        return inodes.getXattr(op, inode(inode), name);
    }

    @Override
    public DirectoryChange setXattr(OpContext op, FileHandle inode, Name name, Bytes value, XattrFlag flag)
            throws FsException {
        return inodes.setXattr(op, inode(inode), name, value, flag);
    }

    @Override
    public List<Name> listXattrs(OpContext op, FileHandle inode) throws FsException {
        return inodes.listXattrs(op, inode(inode));
    }

    @Override
    public DirectoryChange removeXattr(OpContext op, FileHandle inode, Name name) throws FsException {
        return inodes.removeXattr(op, inode(inode), name);
    }

    @Override
    public FsStatistics statfs(OpContext op, FileHandle inode) throws FsException {
        return inodes.statfs(op, inode(inode));
    }

    @Override
    public void awaitStable(long sequence) throws FsException {
        inodes.awaitStable(sequence);
    }

    @Override
    public long bootVerifier() {
        return inodes.bootVerifier();
    }

    @Override
    public Set<Origin> unansweredOrigins() {
        return inodes.unansweredOrigins();
    }

    @Override
    public Optional<String> pathOf(FileHandle inode) {
        return inodes.pathOf(inode.ofInode());
    }
}
