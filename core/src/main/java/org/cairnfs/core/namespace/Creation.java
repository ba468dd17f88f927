package org.cairnfs.core.namespace;

import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Created;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.SetTime;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.AtimeRow;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.InodeRowBuilder;

/** The verb create: open(O_CREAT), mkdir, symlink, mknod. */
final class Creation {
    /** Stands for the verifier 0, as 0 in a row says that there is none. */
    private static final long VERIFIER_ZERO = 0x5ca1_ab1e_0000_0000L;

    /** The cookie of the first name in a directory; lower ones are of {@code .} and {@code ..} in protocols. */
    static final long FIRST_COOKIE = 3;

    private final MetadataStore store;
    private final Writer writer;
    private final Handles handles;
    private final Stats stats;
    private final Guards guards;

    Creation(MetadataStore store, Writer writer, Handles handles, Stats stats, Guards guards) {
        this.store = store;
        this.writer = writer;
        this.handles = handles;
        this.stats = stats;
        this.guards = guards;
    }

    Created create(OpContext op, FileHandle directory, Name name, CreateRequest request) throws FsException {
        check(request);
        return writer.changeOnce(
                op, false, this::resent, transaction -> run(transaction, op, directory, name, request));
    }

    /** The earlier answer; null if someone is just now removing what was made. */
    private Created resent(Bytes answer) throws FsException {
        Results.Creation earlier = Results.creation(answer);
        MetadataView view = store.view();
        return view.inode(earlier.inode())
                .map(row -> new Created(stats.node(view, row), earlier.directory(), true))
                .orElse(null);
    }

    private Created run(Transaction transaction, OpContext op, FileHandle directory, Name name, CreateRequest request)
            throws FsException {
        Credentials who = op.credentials();
        InodeRow parent = handles.directoryToChange(transaction, directory);
        Permissions.requireSearch(who, parent);
        Optional<DirentRow> there = transaction.dirent(parent.inode(), name);
        if (there.isPresent()) {
            InodeRow existing = Entries.look(transaction, there.get());
            checkExisting(existing, name, request);
            return new Created(stats.node(transaction, existing), DirectoryEdit.none(parent), false);
        }
        Permissions.requireAddition(who, parent);
        checkOwnership(who, parent, request);
        if (request.type() == FileType.DIRECTORY) {
            DirectoryEdit.requireRoomForLink(parent);
        }
        Long size = request.attributes().size();
        guards.requireRoom(parent, size == null ? 0 : size, 1);
        guards.beforeChange(op, parent);

        InodeRow made = newInode(transaction, who, parent, request);
        transaction.put(made);
        long atime = time(request.attributes().atime(), transaction);
        if (atime != made.btime()) {
            transaction.put(new AtimeRow(made.inode(), atime));
        }
        DirectoryEdit edit = new DirectoryEdit(transaction, parent);
        edit.add(name, made);
        DirectoryChange change = edit.finish();
        transaction.result(Results.encode(new Results.Creation(made.inode(), change)));
        return new Created(new Node(handles.of(made), stats.of(made, atime)), change, true);
    }

    private static InodeRow newInode(Transaction transaction, Credentials who, InodeRow parent, CreateRequest request) {
        SetAttributes wanted = request.attributes();
        FileType type = request.type();
        long now = transaction.now();
        InodeRowBuilder row = new InodeRowBuilder(transaction.newInode(), transaction.incarnation(), type)
                .mode(ModeBits.ofNew(who, parent, type, wanted.mode() == null ? 0 : wanted.mode()))
                .uid(wanted.uid() == null ? who.uid() : wanted.uid())
                .gid(wanted.gid() == null ? inheritedGroup(who, parent) : wanted.gid())
                .nlink(1)
                .mtime(time(wanted.mtime(), transaction))
                .ctime(now)
                .btime(now)
                .change(transaction.nextChange())
                .quotaRoot(parent.quotaRoot());
        switch (type) {
            case DIRECTORY -> row.nlink(2).parent(parent.inode()).nextCookie(FIRST_COOKIE);
            case REGULAR ->
                row.content(transaction.newContent())
                        .size(wanted.size() == null ? 0 : wanted.size())
                        .verifier(request.verifier() == null ? 0 : stored(request.verifier()));
            case SYMLINK -> row.target(request.target()).size(request.target().length());
            case CHARACTER_DEVICE, BLOCK_DEVICE -> row.device(request.device().packed());
            case FIFO, SOCKET -> {}
        }
        return row.build();
    }

    /** What is wrong with a request in itself. */
    private static void check(CreateRequest request) throws FsException {
        AttributeChange.checkSize(request.type(), request.attributes().size());
        if (request.type() != FileType.SYMLINK) {
            return;
        }
        Bytes target = request.target();
        if (target == null || target.length() == 0 || contains(target, (byte) 0)) {
            throw new FsException(Errno.EINVAL, "a symbolic link to nothing, or with a NUL in its target");
        }
        if (target.length() > FileSystem.MAX_SYMLINK_BYTES) {
            throw new FsException(Errno.ENAMETOOLONG, "a symbolic link of " + target.length() + " bytes");
        }
    }

    private static boolean contains(Bytes bytes, byte wanted) {
        for (byte b : bytes.toArray()) {
            if (b == wanted) {
                return true;
            }
        }
        return false;
    }

    /** Whether what is there under the name already is what the request wants; EISDIR, EEXIST. */
    private static void checkExisting(InodeRow existing, Name name, CreateRequest request) throws FsException {
        boolean file = request.type() == FileType.REGULAR;
        if (file && request.verifier() != null) {
            if (existing.type() == FileType.REGULAR && existing.verifier() == stored(request.verifier())) {
                return;
            }
        } else if (file && request.existingOk()) {
            if (existing.type() == FileType.REGULAR) {
                return;
            }
            if (existing.isDirectory()) {
                throw new FsException(Errno.EISDIR, name + " is a directory");
            }
        }
        throw new FsException(Errno.EEXIST, name + " exists");
    }

    /** Devices are for the super-user; nobody else gives a new inode to others. */
    private static void checkOwnership(Credentials who, InodeRow parent, CreateRequest request) throws FsException {
        if (who.isSuperUser()) {
            return;
        }
        SetAttributes wanted = request.attributes();
        boolean ownUser = wanted.uid() == null || wanted.uid() == who.uid();
        boolean ownGroup =
                wanted.gid() == null || who.isInGroup(wanted.gid()) || wanted.gid() == inheritedGroup(who, parent);
        if (request.type().isDevice() || !ownUser || !ownGroup) {
            throw new FsException(Errno.EPERM, "only the super-user makes devices, or what belongs to others");
        }
    }

    private static int inheritedGroup(Credentials who, InodeRow parent) {
        return (parent.mode() & ModeBits.SET_GID) != 0 ? parent.gid() : who.gid();
    }

    private static long stored(long verifier) {
        return verifier == 0 ? VERIFIER_ZERO : verifier;
    }

    private static long time(SetTime wanted, Transaction transaction) {
        return wanted instanceof SetTime.At at ? at.nanos() : transaction.now();
    }
}
