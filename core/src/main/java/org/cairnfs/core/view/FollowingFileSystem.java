package org.cairnfs.core.view;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
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
 * The file system of the present view, whichever that is: each verb runs to its end on the view that it began on. Handles, change
 * numbers and directory cookies are the server's, so what a client got from one view holds for the next.
 *
 * <p>A read that finds an object gone from the bucket is made again on a later view, if there is one: the object was collected, as the
 * server needs it no more.
 */
final class FollowingFileSystem implements FileSystem {
    private final CurrentView current;
    private final Predicate<BucketView> lookBeyond;
    private final long bootVerifier;

    /**
     * Over views that come one after the other.
     *
     * @param lookBeyond looks for a later view than this one now; says whether there is one
     * @param bootVerifier differs with each start
     */
    FollowingFileSystem(CurrentView current, Predicate<BucketView> lookBeyond, long bootVerifier) {
        this.current = current;
        this.lookBeyond = lookBeyond;
        this.bootVerifier = bootVerifier;
    }

    private interface Verb<T> {
        T on(FileSystem fs) throws FsException;
    }

    private <T> T run(Verb<T> verb) throws FsException {
        try (CurrentView.Use use = current.use()) {
            return verb.on(use.view().fileSystem());
        }
    }

    private interface Question<T> {
        T of(FileSystem fs);
    }

    private <T> T ask(Question<T> question) {
        try (CurrentView.Use use = current.use()) {
            return question.of(use.view().fileSystem());
        }
    }

    private <T> T reading(Verb<T> verb) throws FsException {
        BucketView view;
        FsException failure;
        try (CurrentView.Use use = current.use()) {
            view = use.view();
            try {
                return verb.on(view.fileSystem());
            } catch (FsException e) {
                failure = e;
            }
        }
        if (failure.errno() != Errno.EIO || !lookBeyond.test(view)) {
            throw failure;
        }
        return run(verb);
    }

    @Override
    public FileHandle root() {
        return ask(FileSystem::root);
    }

    @Override
    public Attributes getattr(OpContext op, FileHandle inode) throws FsException {
        return run(fs -> fs.getattr(op, inode));
    }

    @Override
    public Attributes setattr(OpContext op, FileHandle inode, SetAttributes attributes) throws FsException {
        return run(fs -> fs.setattr(op, inode, attributes));
    }

    @Override
    public Attributes setattrOpen(OpContext op, FileHandle inode, SetAttributes attributes) throws FsException {
        return run(fs -> fs.setattrOpen(op, inode, attributes));
    }

    @Override
    public void checkWritable(OpContext op, FileHandle inode) throws FsException {
        run(fs -> {
            fs.checkWritable(op, inode);
            return null;
        });
    }

    @Override
    public int access(OpContext op, FileHandle inode, int wanted) throws FsException {
        return run(fs -> fs.access(op, inode, wanted));
    }

    @Override
    public Node lookup(OpContext op, FileHandle directory, Name name) throws FsException {
        return run(fs -> fs.lookup(op, directory, name));
    }

    @Override
    public Node lookupParent(OpContext op, FileHandle directory) throws FsException {
        return run(fs -> fs.lookupParent(op, directory));
    }

    @Override
    public Created create(OpContext op, FileHandle directory, Name name, CreateRequest request) throws FsException {
        return run(fs -> fs.create(op, directory, name, request));
    }

    @Override
    public DirectoryChange link(OpContext op, FileHandle inode, FileHandle directory, Name name) throws FsException {
        return run(fs -> fs.link(op, inode, directory, name));
    }

    @Override
    public Renamed rename(
            OpContext op, FileHandle source, Name sourceName, FileHandle target, Name targetName, RenameFlag flag)
            throws FsException {
        return run(fs -> fs.rename(op, source, sourceName, target, targetName, flag));
    }

    @Override
    public DirectoryChange remove(OpContext op, FileHandle directory, Name name, RemoveKind kind) throws FsException {
        return run(fs -> fs.remove(op, directory, name, kind));
    }

    @Override
    public DirectoryPage readdir(OpContext op, FileHandle directory, long after, int limit, boolean attributes)
            throws FsException {
        return run(fs -> fs.readdir(op, directory, after, limit, attributes));
    }

    @Override
    public Bytes readlink(OpContext op, FileHandle inode) throws FsException {
        return run(fs -> fs.readlink(op, inode));
    }

    /** Keeps nothing alive: what the server removes is gone with the next view. */
    @Override
    public void pin(FileHandle inode) throws FsException {
        run(fs -> {
            fs.pin(inode);
            return null;
        });
    }

    @Override
    public void unpin(FileHandle inode) {
        ask(fs -> {
            fs.unpin(inode);
            return null;
        });
    }

    @Override
    public long newestChange() {
        return ask(FileSystem::newestChange);
    }

    /** Nothing: nobody asks for a change here. */
    @Override
    public void answered(long change) {
        // No request is ever answered from a journal here.
    }

    @Override
    public void endGrace() {
        ask(fs -> {
            fs.endGrace();
            return null;
        });
    }

    @Override
    public ReadResult read(OpContext op, FileHandle inode, long offset, int length) throws FsException {
        return reading(fs -> fs.read(op, inode, offset, length));
    }

    @Override
    public ReadWithAttributes readWithAttributes(OpContext op, FileHandle inode, long offset, int length)
            throws FsException {
        return reading(fs -> fs.readWithAttributes(op, inode, offset, length));
    }

    @Override
    public ReadResult readOpen(OpContext op, FileHandle inode, long offset, int length) throws FsException {
        return reading(fs -> fs.readOpen(op, inode, offset, length));
    }

    @Override
    public SparseRead readSparse(OpContext op, FileHandle inode, long offset, int length) throws FsException {
        return reading(fs -> fs.readSparse(op, inode, offset, length));
    }

    @Override
    public SparseRead readSparseOpen(OpContext op, FileHandle inode, long offset, int length) throws FsException {
        return reading(fs -> fs.readSparseOpen(op, inode, offset, length));
    }

    @Override
    public WriteResult write(OpContext op, FileHandle inode, long offset, ByteBuffer data) throws FsException {
        return run(fs -> fs.write(op, inode, offset, data));
    }

    @Override
    public WriteResult writeOpen(OpContext op, FileHandle inode, long offset, ByteBuffer data) throws FsException {
        return run(fs -> fs.writeOpen(op, inode, offset, data));
    }

    @Override
    public Attributes deallocate(OpContext op, FileHandle inode, long offset, long length) throws FsException {
        return run(fs -> fs.deallocate(op, inode, offset, length));
    }

    @Override
    public Attributes deallocateOpen(OpContext op, FileHandle inode, long offset, long length) throws FsException {
        return run(fs -> fs.deallocateOpen(op, inode, offset, length));
    }

    @Override
    public Attributes allocate(OpContext op, FileHandle inode, long offset, long length) throws FsException {
        return run(fs -> fs.allocate(op, inode, offset, length));
    }

    @Override
    public Attributes allocateOpen(OpContext op, FileHandle inode, long offset, long length) throws FsException {
        return run(fs -> fs.allocateOpen(op, inode, offset, length));
    }

    @Override
    public Attributes cloneRange(OpContext op, CloneRequest request) throws FsException {
        return run(fs -> fs.cloneRange(op, request));
    }

    @Override
    public OptionalLong seek(OpContext op, FileHandle inode, long offset, boolean data) throws FsException {
        return run(fs -> fs.seek(op, inode, offset, data));
    }

    @Override
    public OptionalLong seekOpen(OpContext op, FileHandle inode, long offset, boolean data) throws FsException {
        return run(fs -> fs.seekOpen(op, inode, offset, data));
    }

    @Override
    public void commit(OpContext op, FileHandle inode) throws FsException {
        run(fs -> {
            fs.commit(op, inode);
            return null;
        });
    }

    @Override
    public Bytes getXattr(OpContext op, FileHandle inode, Name name) throws FsException {
        return run(fs -> fs.getXattr(op, inode, name));
    }

    @Override
    public DirectoryChange setXattr(OpContext op, FileHandle inode, Name name, Bytes value, XattrFlag flag)
            throws FsException {
        return run(fs -> fs.setXattr(op, inode, name, value, flag));
    }

    @Override
    public List<Name> listXattrs(OpContext op, FileHandle inode) throws FsException {
        return run(fs -> fs.listXattrs(op, inode));
    }

    @Override
    public DirectoryChange removeXattr(OpContext op, FileHandle inode, Name name) throws FsException {
        return run(fs -> fs.removeXattr(op, inode, name));
    }

    @Override
    public FsStatistics statfs(OpContext op, FileHandle inode) throws FsException {
        return run(fs -> fs.statfs(op, inode));
    }

    @Override
    public void awaitStable(long sequence) throws FsException {
        run(fs -> {
            fs.awaitStable(sequence);
            return null;
        });
    }

    @Override
    public long bootVerifier() {
        return bootVerifier;
    }

    @Override
    public Set<Origin> unansweredOrigins() {
        return ask(FileSystem::unansweredOrigins);
    }

    @Override
    public Optional<String> pathOf(FileHandle inode) {
        return ask(fs -> fs.pathOf(inode));
    }
}
