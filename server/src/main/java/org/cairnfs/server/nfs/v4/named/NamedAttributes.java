package org.cairnfs.server.nfs.v4.named;

import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Access;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Created;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DeviceNumber;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.DirectoryPage.DirectoryEntry;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.FsStatistics;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.WriteResult;
import org.cairnfs.core.fs.XattrFlag;

/**
 * A file system that also shows the {@code user.} attributes of each file and directory as regular files in a directory of their
 * own, which has a {@link FileHandle} but no name (RFC 8881 section 5.3). Of an attribute it knows the bytes; owner, times and change
 * number are those of the inode, and its mode follows from the inode's. A value has {@link FileSystem#MAX_XATTR_BYTES} at most,
 * beyond which is EFBIG.
 *
 * <p>An attribute that was removed and made again has the same handle. Safe for use by any number of threads.
 */
public final class NamedAttributes extends OnlyInodes {
    private static final int OF_FILES = 0666;
    private static final int OF_DIRECTORY = 0555;
    private static final int WRITABLE = 0222;

    private final AttributeValues values;

    public NamedAttributes(FileSystem inodes) {
        super(inodes);
        values = new AttributeValues(inodes);
    }

    /** Whether an inode has any. */
    public static boolean exist(FileSystem files, OpContext op, FileHandle inode) throws FsException {
        return files.listXattrs(op, inode).stream().anyMatch(UserAttributes::isFile);
    }

    /** Whether an inode of a type can have any. */
    public static boolean possible(FileType type) {
        return type == FileType.REGULAR || type == FileType.DIRECTORY;
    }

    // ---- names

    @Override
    public Node lookup(OpContext op, FileHandle directory, Name name) throws FsException {
        if (directory.isInode()) {
            return super.lookup(op, directory, name);
        }
        requireDirectory(directory);
        FileHandle inode = directory.ofInode();
        return node(inode, attribute(name), inodes().getattr(op, inode));
    }

    /** Of the directory of the attributes, what they are of (RFC 8881 section 18.14.3). */
    @Override
    public Node lookupParent(OpContext op, FileHandle directory) throws FsException {
        if (directory.isInode()) {
            return super.lookupParent(op, directory);
        }
        requireDirectory(directory);
        FileHandle inode = directory.ofInode();
        return new Node(inode, inodes().getattr(op, inode));
    }

    /** Attributes cannot be made exclusively, as they have no place for the verifier (RFC 8881 section 18.16.3): EINVAL. */
    @Override
    public Created create(OpContext op, FileHandle directory, Name name, CreateRequest request) throws FsException {
        if (directory.isInode()) {
            return super.create(op, directory, name, request);
        }
        requireDirectory(directory);
        if (request.type() != FileType.REGULAR) {
            throw new FsException(Errno.ENOTSUP, "not in a directory of named attributes: " + request.type());
        }
        if (request.verifier() != null) {
            throw new FsException(Errno.EINVAL, "a named attribute cannot be made exclusively");
        }
        FileHandle inode = directory.ofInode();
        Name attribute = attribute(name);
        Optional<DirectoryChange> made = make(op, inode, attribute, request);
        Attributes of = inodes().getattr(op, inode);
        return new Created(
                node(inode, attribute, of),
                made.orElseGet(() -> new DirectoryChange(of.change(), of.change())),
                made.isPresent());
    }

    private Optional<DirectoryChange> make(OpContext op, FileHandle inode, Name attribute, CreateRequest request)
            throws FsException {
        Long size = request.attributes().size();
        AttributeValues.requireLength(0, size == null ? 0 : size);
        Bytes value = size == null ? Bytes.EMPTY : Bytes.ofTrusted(new byte[size.intValue()]);
        try {
            return Optional.of(inodes().setXattr(op, inode, attribute, value, XattrFlag.CREATE));
        } catch (FsException e) {
            if (e.errno() == Errno.EEXIST && request.existingOk()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public DirectoryChange remove(OpContext op, FileHandle directory, Name name, RemoveKind kind) throws FsException {
        if (directory.isInode()) {
            return super.remove(op, directory, name, kind);
        }
        requireDirectory(directory);
        if (kind == RemoveKind.DIRECTORY) {
            throw new FsException(Errno.ENOTDIR, "a named attribute is no directory");
        }
        try {
            return inodes().removeXattr(op, directory.ofInode(), attribute(name));
        } catch (FsException e) {
            throw noEntry(e);
        }
    }

    /** Cookies are the numbers of the attributes, so that they hold for ever; the names of one file are few enough to be sorted anew. */
    @Override
    public DirectoryPage readdir(OpContext op, FileHandle directory, long after, int limit, boolean attributes)
            throws FsException {
        if (directory.isInode()) {
            return super.readdir(op, directory, after, limit, attributes);
        }
        requireDirectory(directory);
        FileHandle inode = directory.ofInode();
        Attributes of = inodes().getattr(op, inode);
        List<Name> rest = inodes().listXattrs(op, inode).stream()
                .filter(UserAttributes::isFile)
                .filter(name -> UserAttributes.idOf(name) > after)
                .sorted(Comparator.comparingLong(UserAttributes::idOf))
                .toList();
        List<DirectoryEntry> entries = new ArrayList<>();
        for (Name attribute : rest.subList(0, Math.min(limit, rest.size()))) {
            FileHandle handle = inode.withAttribute(UserAttributes.idOf(attribute));
            Name name = Name.ofTrusted(
                    UserAttributes.nameOf(attribute).orElseThrow().toArray());
            entries.add(new DirectoryEntry(
                    handle.attribute(), name, attributes ? node(inode, attribute, of) : new Node(handle, null)));
        }
        return new DirectoryPage(entries, entries.size() == rest.size());
    }

    // ---- attributes of attributes

    @Override
    public Attributes getattr(OpContext op, FileHandle handle) throws FsException {
        if (handle.isInode()) {
            return super.getattr(op, handle);
        }
        FileHandle inode = handle.ofInode();
        Attributes of = inodes().getattr(op, inode);
        return isDirectory(handle)
                ? describe(of, handle, FileType.DIRECTORY, 0)
                : describe(of, handle, FileType.REGULAR, values.get(inode, present(handle)).length);
    }

    @Override
    public Attributes setattr(OpContext op, FileHandle handle, SetAttributes wanted) throws FsException {
        return handle.isInode() ? super.setattr(op, handle, wanted) : resize(op, op, handle, wanted);
    }

    @Override
    public Attributes setattrOpen(OpContext op, FileHandle handle, SetAttributes wanted) throws FsException {
        if (handle.isInode()) {
            return super.setattrOpen(op, handle, wanted);
        }
        OpContext holder = asRoot(op);
        Attributes after = resize(op, holder, handle, wanted);
        op.noteJournaled(holder.journaled());
        return after;
    }

    private Attributes resize(OpContext op, OpContext changing, FileHandle handle, SetAttributes wanted)
            throws FsException {
        if (wanted.size() == null || !wanted.equals(SetAttributes.ofSize(wanted.size()))) {
            throw new FsException(Errno.ENOTSUP, "a named attribute has a size to set, and nothing else");
        }
        requireFile(handle);
        values.resize(changing, handle.ofInode(), present(handle), wanted.size());
        return getattr(op, handle);
    }

    /** The names are told to everybody, as listxattr(2) does; values are read and written by those who may do so with the contents. */
    @Override
    public int access(OpContext op, FileHandle handle, int wanted) throws FsException {
        if (handle.isInode()) {
            return super.access(op, handle, wanted);
        }
        int free = isDirectory(handle) ? wanted & (Access.READ | Access.EXECUTE) : 0;
        return free | inodes().access(op, handle.ofInode(), wanted & ~free & (Access.READ | Access.WRITE));
    }

    /** As their file is. */
    @Override
    public void checkWritable(OpContext op, FileHandle handle) throws FsException {
        super.checkWritable(op, handle.isInode() ? handle : handle.ofInode());
    }

    @Override
    public FsStatistics statfs(OpContext op, FileHandle handle) throws FsException {
        return super.statfs(op, handle.isInode() ? handle : handle.ofInode());
    }

    // ---- contents

    @Override
    public ReadResult read(OpContext op, FileHandle handle, long offset, int length) throws FsException {
        if (handle.isInode()) {
            return super.read(op, handle, offset, length);
        }
        requireFile(handle);
        return part(inodes().getXattr(op, handle.ofInode(), present(handle)).asBuffer(), offset, length);
    }

    @Override
    public ReadResult readOpen(OpContext op, FileHandle handle, long offset, int length) throws FsException {
        return handle.isInode() ? super.readOpen(op, handle, offset, length) : read(asRoot(op), handle, offset, length);
    }

    private static ReadResult part(ByteBuffer value, long offset, int length) {
        int from = (int) Math.min(offset, value.limit());
        int count = Math.min(length, value.limit() - from);
        boolean end = from + count == value.limit();
        return new ReadResult(count == 0 ? List.of() : List.of(value.slice(from, count)), count, end);
    }

    @Override
    public WriteResult write(OpContext op, FileHandle handle, long offset, ByteBuffer data) throws FsException {
        if (handle.isInode()) {
            return super.write(op, handle, offset, data);
        }
        requireFile(handle);
        FileHandle inode = handle.ofInode();
        int count = data.remaining();
        int size = values.write(op, inode, present(handle), offset, data);
        return new WriteResult(count, describe(inodes().getattr(op, inode), handle, FileType.REGULAR, size));
    }

    @Override
    public WriteResult writeOpen(OpContext op, FileHandle handle, long offset, ByteBuffer data) throws FsException {
        if (handle.isInode()) {
            return super.writeOpen(op, handle, offset, data);
        }
        OpContext holder = asRoot(op);
        WriteResult result = write(holder, handle, offset, data);
        op.noteJournaled(holder.journaled());
        return result;
    }

    /** Attributes are metadata: the journal is synced; and with a regular file, all that {@code durability} asks for. */
    @Override
    public void commit(OpContext op, FileHandle handle) throws FsException {
        requireFile(handle);
        FileHandle inode = handle.ofInode();
        if (!handle.isInode() && inodes().getattr(op, inode).type() != FileType.REGULAR) {
            inodes().awaitStable(inodes().newestChange());
        } else {
            inodes().commit(op, inode);
        }
    }

    // ---- handles and what they are of

    private static boolean isDirectory(FileHandle handle) {
        return handle.attribute() == FileHandle.ATTRIBUTE_DIRECTORY;
    }

    private static void requireDirectory(FileHandle handle) throws FsException {
        if (!isDirectory(handle)) {
            throw new FsException(Errno.ENOTDIR, "a named attribute");
        }
    }

    private static void requireFile(FileHandle handle) throws FsException {
        if (isDirectory(handle)) {
            throw new FsException(Errno.EISDIR, "a directory of named attributes");
        }
    }

    private static Name attribute(Name name) throws FsException {
        return UserAttributes.attribute(name.bytes());
    }

    /** The attribute of a handle; ESTALE if it is there no more. */
    private Name present(FileHandle handle) throws FsException {
        return inodes().listXattrs(new OpContext(Credentials.ROOT), handle.ofInode()).stream()
                .filter(UserAttributes::isFile)
                .filter(name -> UserAttributes.idOf(name) == handle.attribute())
                .findFirst()
                .orElseThrow(() -> new FsException(Errno.ESTALE, "there is no named attribute " + handle));
    }

    private Node node(FileHandle inode, Name attribute, Attributes of) throws FsException {
        FileHandle handle = inode.withAttribute(UserAttributes.idOf(attribute));
        try {
            return new Node(handle, describe(of, handle, FileType.REGULAR, values.get(inode, attribute).length));
        } catch (FsException e) {
            throw noEntry(e);
        }
    }

    private static FsException noEntry(FsException e) {
        return e.errno() == Errno.ENODATA ? new FsException(Errno.ENOENT, e.getMessage()) : e;
    }

    private static Attributes describe(Attributes of, FileHandle handle, FileType type, int size) {
        long fileId = Hashing.sipHash24()
                .newHasher()
                .putLong(of.fileId())
                .putLong(handle.attribute())
                .hash()
                .asLong();
        boolean directory = type == FileType.DIRECTORY;
        return new Attributes(
                fileId & Long.MAX_VALUE,
                of.generation(),
                type,
                directory ? of.mode() & WRITABLE | OF_DIRECTORY : of.mode() & OF_FILES,
                of.uid(),
                of.gid(),
                directory ? 2 : 1,
                size,
                size,
                DeviceNumber.NONE,
                of.ctime(),
                of.ctime(),
                of.ctime(),
                of.btime(),
                of.change());
    }

    /** For a caller that holds it open: the mode is not asked again. */
    private static OpContext asRoot(OpContext op) {
        return new OpContext(Credentials.ROOT, op.origin().orElse(null));
    }
}
