package org.cairnfs.core.namespace;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import org.cairnfs.core.data.Contents;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CloneRequest;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Created;
import org.cairnfs.core.fs.Credentials;
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
import org.cairnfs.core.snapshot.Snapshot;
import org.cairnfs.core.snapshot.Snapshots;

/**
 * The present and its snapshots as one file system: each handle says which of them it is of, and each verb goes there.
 *
 * <p>A snapshot is a file system that is read only. Who reads in it finds out afterwards whether it was still there: then nothing of what was
 * read was on its way out; else ESTALE. Thread-safe.
 */
public final class VersionedFileSystem implements FileSystem {
    private final FileSystem present;
    private final Snapshots snapshots;
    private final LongFunction<FileSystem> files;
    private final VirtualDirectories directories;
    private final Map<Long, FileSystem> opened = new ConcurrentHashMap<>();

    private VersionedFileSystem(
            FileSystem present, Snapshots snapshots, LongFunction<FileSystem> files, VirtualDirectories directories) {
        this.present = present;
        this.snapshots = snapshots;
        this.files = files;
        this.directories = directories;
    }

    /**
     * A file system with its snapshots.
     *
     * @param present the file system as it is
     * @param parts what that stands on
     * @param contents the bytes of files as of an epoch
     */
    public static VersionedFileSystem over(
            CairnFileSystem present,
            CairnFileSystem.Parts parts,
            Snapshots snapshots,
            LongFunction<Contents> contents) {
        LongFunction<FileSystem> files = number -> {
            long epoch = snapshots.find(number).map(Snapshot::epoch).orElse(0L);
            return new CairnFileSystem(
                    parts.asOf(number, new SnapshotRows(parts.store(), epoch), contents.apply(epoch)));
        };
        return new VersionedFileSystem(
                present, snapshots, files, new VirtualDirectories(parts, present.handles(), snapshots));
    }

    private interface Verb<T> {
        T on(FileSystem fs) throws FsException;
    }

    /** Runs a verb where its handle is of. */
    private <T> T on(FileHandle handle, Verb<T> verb) throws FsException {
        if (handle.isPresent()) {
            return verb.on(present);
        } else if (handle.leadsToSnapshots()) {
            throw new FsException(Errno.EINVAL, "not a file: a directory of snapshots");
        }
        long number = handle.snapshot();
        requireThere(number);
        FileSystem snapshot = opened.computeIfAbsent(number, files::apply);
        try {
            return verb.on(snapshot);
        } finally {
            requireThere(number);
        }
    }

    /** @throws FsException ESTALE if a snapshot was deleted, or never was */
    private void requireThere(long number) throws FsException {
        if (snapshots.find(number).isEmpty()) {
            opened.remove(number);
            throw new FsException(Errno.ESTALE, "snapshot " + number + " was deleted");
        }
    }

    /** Runs a verb that changes something. */
    private <T> T change(FileHandle handle, Verb<T> verb) throws FsException {
        if (!handle.isPresent()) {
            throw new FsException(Errno.EROFS, "a snapshot does not change");
        }
        return verb.on(present);
    }

    /** The same, under a name. */
    private <T> T change(FileHandle directory, Name name, Errno taken, Verb<T> verb) throws FsException {
        return change(directory, fs -> {
            if (name.equals(VirtualDirectories.NAME)) {
                throw new FsException(taken, name + " is where the snapshots are");
            }
            return verb.on(fs);
        });
    }

    @Override
    public FileHandle root() {
        return present.root();
    }

    @Override
    public Attributes getattr(OpContext op, FileHandle inode) throws FsException {
        return inode.leadsToSnapshots() ? directories.getattr(op, inode) : on(inode, fs -> fs.getattr(op, inode));
    }

    @Override
    public Attributes setattr(OpContext op, FileHandle inode, SetAttributes attributes) throws FsException {
        return change(inode, fs -> fs.setattr(op, inode, attributes));
    }

    @Override
    public Attributes setattrOpen(OpContext op, FileHandle inode, SetAttributes attributes) throws FsException {
        return change(inode, fs -> fs.setattrOpen(op, inode, attributes));
    }

    @Override
    public int access(OpContext op, FileHandle inode, int wanted) throws FsException {
        return inode.leadsToSnapshots()
                ? directories.access(op, inode, wanted)
                : on(inode, fs -> fs.access(op, inode, wanted));
    }

    @Override
    public void checkWritable(OpContext op, FileHandle inode) throws FsException {
        change(inode, fs -> {
            fs.checkWritable(op, inode);
            return null;
        });
    }

    @Override
    public Node lookup(OpContext op, FileHandle directory, Name name) throws FsException {
        if (directory.leadsToSnapshots()) {
            return directories.lookup(op, directory, name);
        } else if (directory.isPresent() && name.equals(VirtualDirectories.NAME)) {
            return directories.of(op, directory);
        }
        return on(directory, fs -> fs.lookup(op, directory, name));
    }

    @Override
    public Node lookupParent(OpContext op, FileHandle directory) throws FsException {
        if (directory.leadsToSnapshots()) {
            return directories.parent(directory);
        } else if (!directory.isPresent() && VirtualDirectories.isTop(op, directory.inode())) {
            return directories.of(op, directory.withSnapshot(0));
        }
        return on(directory, fs -> fs.lookupParent(op, directory));
    }

    @Override
    public Created create(OpContext op, FileHandle directory, Name name, CreateRequest request) throws FsException {
        return directory.leadsToSnapshots()
                ? directories.create(op, directory, name, request)
                : change(directory, name, Errno.EEXIST, fs -> fs.create(op, directory, name, request));
    }

    @Override
    public DirectoryChange link(OpContext op, FileHandle inode, FileHandle directory, Name name) throws FsException {
        if (inode.isPresent() != directory.isPresent()) {
            throw new FsException(Errno.EXDEV, "a link between a snapshot and the present");
        }
        return change(directory, name, Errno.EEXIST, fs -> fs.link(op, inode, directory, name));
    }

    @Override
    public Renamed rename(
            OpContext op, FileHandle source, Name sourceName, FileHandle target, Name targetName, RenameFlag flag)
            throws FsException {
        if (source.leadsToSnapshots() && source.equals(target) && flag != RenameFlag.EXCHANGE) {
            return directories.rename(op, source, sourceName, targetName);
        } else if (source.snapshot() != target.snapshot()) {
            throw new FsException(Errno.EXDEV, "a rename between a snapshot and the present");
        } else if (sourceName.equals(VirtualDirectories.NAME)) {
            throw new FsException(Errno.EBUSY, sourceName + " is where the snapshots are");
        }
        return change(
                target, targetName, Errno.EBUSY, fs -> fs.rename(op, source, sourceName, target, targetName, flag));
    }

    @Override
    public DirectoryChange remove(OpContext op, FileHandle directory, Name name, RemoveKind kind) throws FsException {
        return directory.leadsToSnapshots()
                ? directories.remove(op, directory, name, kind)
                : change(directory, name, Errno.EBUSY, fs -> fs.remove(op, directory, name, kind));
    }

    @Override
    public DirectoryPage readdir(OpContext op, FileHandle directory, long after, int limit, boolean attributes)
            throws FsException {
        return directory.leadsToSnapshots()
                ? directories.readdir(op, directory, after, limit)
                : on(directory, fs -> fs.readdir(op, directory, after, limit, attributes));
    }

    @Override
    public Bytes readlink(OpContext op, FileHandle inode) throws FsException {
        return inode.leadsToSnapshots() ? directories.readlink(op, inode) : on(inode, fs -> fs.readlink(op, inode));
    }

    /** What is in a snapshot stays while the snapshot does, open or not. */
    @Override
    public void pin(FileHandle inode) throws FsException {
        if (inode.isPresent()) {
            present.pin(inode);
        } else {
            getattr(new OpContext(Credentials.ROOT), inode);
        }
    }

    @Override
    public void unpin(FileHandle inode) {
        if (inode.isPresent()) {
            present.unpin(inode);
        }
    }

    @Override
    public long newestChange() {
        return present.newestChange();
    }

    @Override
    public void answered(long change) {
        present.answered(change);
    }

    @Override
    public void endGrace() {
        present.endGrace();
    }

    /** Runs a verb that reads a file. */
    private <T> T reading(FileHandle inode, Verb<T> verb) throws FsException {
        if (inode.snapshot() == FileHandle.SNAPSHOTS) {
            throw new FsException(Errno.EISDIR, "a directory of snapshots");
        }
        return on(inode, verb);
    }

    @Override
    public ReadResult read(OpContext op, FileHandle inode, long offset, int length) throws FsException {
        return reading(inode, fs -> fs.read(op, inode, offset, length));
    }

    @Override
    public ReadWithAttributes readWithAttributes(OpContext op, FileHandle inode, long offset, int length)
            throws FsException {
        return reading(inode, fs -> fs.readWithAttributes(op, inode, offset, length));
    }

    @Override
    public ReadResult readOpen(OpContext op, FileHandle inode, long offset, int length) throws FsException {
        return reading(inode, fs -> fs.readOpen(op, inode, offset, length));
    }

    @Override
    public SparseRead readSparse(OpContext op, FileHandle inode, long offset, int length) throws FsException {
        return reading(inode, fs -> fs.readSparse(op, inode, offset, length));
    }

    @Override
    public SparseRead readSparseOpen(OpContext op, FileHandle inode, long offset, int length) throws FsException {
        return reading(inode, fs -> fs.readSparseOpen(op, inode, offset, length));
    }

    @Override
    public WriteResult write(OpContext op, FileHandle inode, long offset, ByteBuffer data) throws FsException {
        return change(inode, fs -> fs.write(op, inode, offset, data));
    }

    @Override
    public WriteResult writeOpen(OpContext op, FileHandle inode, long offset, ByteBuffer data) throws FsException {
        return change(inode, fs -> fs.writeOpen(op, inode, offset, data));
    }

    @Override
    public Attributes deallocate(OpContext op, FileHandle inode, long offset, long length) throws FsException {
        return change(inode, fs -> fs.deallocate(op, inode, offset, length));
    }

    @Override
    public Attributes deallocateOpen(OpContext op, FileHandle inode, long offset, long length) throws FsException {
        return change(inode, fs -> fs.deallocateOpen(op, inode, offset, length));
    }

    @Override
    public Attributes allocate(OpContext op, FileHandle inode, long offset, long length) throws FsException {
        return change(inode, fs -> fs.allocate(op, inode, offset, length));
    }

    @Override
    public Attributes allocateOpen(OpContext op, FileHandle inode, long offset, long length) throws FsException {
        return change(inode, fs -> fs.allocateOpen(op, inode, offset, length));
    }

    @Override
    public Attributes cloneRange(OpContext op, CloneRequest request) throws FsException {
        if (!request.source().isPresent() && request.target().isPresent()) {
            throw new FsException(Errno.EXDEV, "a clone out of a snapshot");
        }
        return change(request.target(), fs -> fs.cloneRange(op, request));
    }

    @Override
    public OptionalLong seek(OpContext op, FileHandle inode, long offset, boolean data) throws FsException {
        return reading(inode, fs -> fs.seek(op, inode, offset, data));
    }

    @Override
    public OptionalLong seekOpen(OpContext op, FileHandle inode, long offset, boolean data) throws FsException {
        return reading(inode, fs -> fs.seekOpen(op, inode, offset, data));
    }

    @Override
    public void commit(OpContext op, FileHandle inode) throws FsException {
        on(inode, fs -> {
            fs.commit(op, inode);
            return null;
        });
    }

    @Override
    public Bytes getXattr(OpContext op, FileHandle inode, Name name) throws FsException {
        if (inode.leadsToSnapshots()) {
            throw new FsException(Errno.ENODATA, "a directory of snapshots has no attributes");
        }
        return on(inode, fs -> fs.getXattr(op, inode, name));
    }

    @Override
    public DirectoryChange setXattr(OpContext op, FileHandle inode, Name name, Bytes value, XattrFlag flag)
            throws FsException {
        return change(inode, fs -> fs.setXattr(op, inode, name, value, flag));
    }

    @Override
    public List<Name> listXattrs(OpContext op, FileHandle inode) throws FsException {
        return inode.leadsToSnapshots() ? List.of() : on(inode, fs -> fs.listXattrs(op, inode));
    }

    @Override
    public DirectoryChange removeXattr(OpContext op, FileHandle inode, Name name) throws FsException {
        return change(inode, fs -> fs.removeXattr(op, inode, name));
    }

    @Override
    public FsStatistics statfs(OpContext op, FileHandle inode) throws FsException {
        return present.statfs(op, inode.isPresent() ? inode : present.root());
    }

    @Override
    public void awaitStable(long sequence) throws FsException {
        present.awaitStable(sequence);
    }

    @Override
    public long bootVerifier() {
        return present.bootVerifier();
    }

    @Override
    public Set<Origin> unansweredOrigins() {
        return present.unansweredOrigins();
    }

    @Override
    public Optional<String> pathOf(FileHandle inode) {
        if (inode.isPresent()) {
            return present.pathOf(inode);
        } else if (inode.leadsToSnapshots()) {
            return present.pathOf(inode.withSnapshot(0)).map(path -> path + "/" + VirtualDirectories.NAME);
        }
        try {
            Snapshot snapshot =
                    snapshots.find(inode.snapshot()).orElseThrow(() -> new FsException(Errno.ESTALE, "deleted"));
            return on(inode, fs -> fs.pathOf(inode))
                    .map(path -> "/" + VirtualDirectories.NAME + "/" + snapshot.name() + path);
        } catch (FsException gone) {
            return Optional.empty();
        }
    }
}
