package org.cairnfs.core.namespace;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.data.Contents;
import org.cairnfs.core.fs.Access;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Created;
import org.cairnfs.core.fs.DeviceNumber;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.Renamed;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.MetadataStore.Committed;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.snapshot.Snapshot;
import org.cairnfs.core.snapshot.Snapshots;
import org.cairnfs.core.snapshot.Snapshots.Request;

/**
 * The directories {@code .snapshots}, which no listing shows and every directory has. That of the caller's root holds the snapshots as
 * directories; that of any other one holds symbolic links into it, to where the directory was then; so no directory has two places. In that of
 * the root of the whole, mkdir takes a snapshot, rmdir deletes one, and rename gives it another name, for the owner of the root and the
 * super-user. Thread-safe.
 */
final class VirtualDirectories {
    /** Their name. */
    static final Name NAME = Name.ofTrusted(Snapshots.DIRECTORY.getBytes(StandardCharsets.UTF_8));

    /** Cookies of a listing are over 2: the numbers of snapshots, moved up by this. */
    private static final long FIRST_COOKIE = 3;

    private static final int MAX_DEPTH = 10_000;

    private final MetadataStore store;
    private final Contents contents;
    private final Handles handles;
    private final Snapshots snapshots;
    private final boolean readOnly;

    /** @param handles of the present */
    VirtualDirectories(CairnFileSystem.Parts parts, Handles handles, Snapshots snapshots) {
        this.store = parts.store();
        this.contents = parts.contents();
        this.handles = handles;
        this.snapshots = snapshots;
        this.readOnly = parts.readOnly();
    }

    /** The {@code .snapshots} of a directory. */
    Node of(OpContext op, FileHandle directory) throws FsException {
        InodeRow row = handles.directory(store.view(), directory);
        Permissions.requireSearch(op.credentials(), row);
        return node(row);
    }

    private Node node(InodeRow directory) {
        FileHandle handle = handles.of(directory).withSnapshot(FileHandle.SNAPSHOTS);
        return new Node(handle, attributes(handle, directory));
    }

    private Attributes attributes(FileHandle handle, InodeRow directory) {
        long changed = snapshots.changed();
        int entries = snapshots.all().size();
        return new Attributes(
                Handles.fileId(handle),
                directory.generation(),
                FileType.DIRECTORY,
                isRoot(directory) ? 0755 : 0555,
                directory.uid(),
                directory.gid(),
                isRoot(directory) ? 2 + entries : 2,
                entries * Stats.BYTES_PER_ENTRY,
                0,
                DeviceNumber.NONE,
                changed,
                changed,
                changed,
                directory.btime(),
                changed);
    }

    /** Whether a directory is the caller's root. */
    static boolean isTop(OpContext op, long directory) {
        return directory == top(op);
    }

    private static long top(OpContext op) {
        return op.top() == 0 ? RootDirectory.INODE : op.top();
    }

    private static boolean isRoot(InodeRow directory) {
        return directory.inode() == RootDirectory.INODE;
    }

    /** The present directory of one of these handles; ESTALE. */
    private InodeRow directory(FileHandle handle) throws FsException {
        return handles.directory(store.view(), handle.withSnapshot(0));
    }

    Attributes getattr(OpContext op, FileHandle handle) throws FsException {
        InodeRow directory = directory(handle);
        return handle.snapshot() == FileHandle.SNAPSHOTS
                ? attributes(handle, directory)
                : link(op, directory, snapshot(handle)).attributes();
    }

    int access(OpContext op, FileHandle handle, int wanted) throws FsException {
        InodeRow directory = directory(handle);
        if (handle.snapshot() != FileHandle.SNAPSHOTS) {
            return wanted & (Access.READ | Access.EXECUTE);
        }
        boolean mayChange = isRoot(directory) && Permissions.isOwner(op.credentials(), directory);
        return wanted & (mayChange ? Access.READ | Access.WRITE | Access.EXECUTE : Access.READ | Access.EXECUTE);
    }

    private Snapshot snapshot(FileHandle link) throws FsException {
        long number = link.snapshot() & ~FileHandle.LINK;
        return snapshots
                .find(number)
                .orElseThrow(() -> new FsException(Errno.ESTALE, "snapshot " + number + " was deleted"));
    }

    /** What is under a name in one of them: a directory in that of the root, a link elsewhere. */
    Node lookup(OpContext op, FileHandle handle, Name name) throws FsException {
        return entry(op, requireDirectory(handle), snapshots.require(name))
                .orElseThrow(() -> new FsException(Errno.ENOENT, "the directory was not there in snapshot " + name));
    }

    private InodeRow requireDirectory(FileHandle handle) throws FsException {
        if (handle.snapshot() != FileHandle.SNAPSHOTS) {
            throw new FsException(Errno.ENOTDIR, "a link to a snapshot");
        }
        return directory(handle);
    }

    private Optional<Node> entry(OpContext op, InodeRow directory, Snapshot snapshot) throws FsException {
        MetadataView view = store.asOf(snapshot.epoch());
        Optional<InodeRow> then = view.inode(directory.inode())
                .filter(row -> row.generation() == directory.generation() && row.nlink() > 0);
        if (then.isEmpty()) {
            return Optional.empty();
        }
        if (!isTop(op, directory.inode())) {
            return path(view, directory.inode(), top(op)).isPresent()
                    ? Optional.of(link(op, directory, snapshot))
                    : Optional.empty();
        }
        Stats stats = new Stats(handles.ofSnapshot(snapshot.number()), contents);
        return Optional.of(stats.node(view, then.get()));
    }

    private Node link(OpContext op, InodeRow directory, Snapshot snapshot) throws FsException {
        FileHandle handle = handles.of(directory).withSnapshot(snapshot.number() | FileHandle.LINK);
        long created = TimeUnit.MILLISECONDS.toNanos(snapshot.created().toEpochMilli());
        Attributes attributes = new Attributes(
                Handles.fileId(handle),
                directory.generation(),
                FileType.SYMLINK,
                0777,
                directory.uid(),
                directory.gid(),
                1,
                target(op, directory, snapshot).length(),
                0,
                DeviceNumber.NONE,
                created,
                created,
                created,
                created,
                snapshots.changed());
        return new Node(handle, attributes);
    }

    /** The directory whose {@code .snapshots} it is. */
    Node parent(FileHandle handle) throws FsException {
        return new Stats(handles, contents).node(store.view(), requireDirectory(handle));
    }

    DirectoryPage readdir(OpContext op, FileHandle handle, long after, int limit) throws FsException {
        InodeRow directory = requireDirectory(handle);
        List<DirectoryPage.DirectoryEntry> page = new ArrayList<>();
        for (Snapshot snapshot : snapshots.all()) {
            long cookie = FIRST_COOKIE + snapshot.number();
            if (cookie <= after) {
                continue;
            }
            Optional<Node> node = entry(op, directory, snapshot);
            if (node.isPresent()) {
                if (page.size() == limit) {
                    return new DirectoryPage(page, false);
                }
                page.add(new DirectoryPage.DirectoryEntry(cookie, snapshot.name(), node.get()));
            }
        }
        return new DirectoryPage(page, true);
    }

    Bytes readlink(OpContext op, FileHandle handle) throws FsException {
        if (handle.snapshot() == FileHandle.SNAPSHOTS) {
            throw new FsException(Errno.EINVAL, "not a symbolic link");
        }
        return target(op, directory(handle), snapshot(handle));
    }

    /** From the {@code .snapshots} of a directory up to that of the caller's root, and down to where the directory was. */
    private Bytes target(OpContext op, InodeRow directory, Snapshot snapshot) throws FsException {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        int up = requirePath(store.view(), directory, top(op)).size() + 1;
        for (int i = 0; i < up; i++) {
            target.writeBytes("../".getBytes(StandardCharsets.UTF_8));
        }
        target.writeBytes(NAME.bytes());
        target.write('/');
        target.writeBytes(snapshot.name().bytes());
        for (Name name : requirePath(store.asOf(snapshot.epoch()), directory, top(op))) {
            target.write('/');
            target.writeBytes(name.bytes());
        }
        if (target.size() > FileSystem.MAX_SYMLINK_BYTES) {
            throw new FsException(Errno.ENAMETOOLONG, "a link of " + target.size() + " bytes");
        }
        return Bytes.ofTrusted(target.toByteArray());
    }

    private static List<Name> requirePath(MetadataView view, InodeRow directory, long top) throws FsException {
        return path(view, directory.inode(), top)
                .orElseThrow(() ->
                        new FsException(Errno.ENOENT, "directory " + directory.inode() + " is not below inode " + top));
    }

    /** The names from a directory down to another; empty if it is not below that. */
    private static Optional<List<Name>> path(MetadataView view, long directory, long top) {
        List<Name> names = new ArrayList<>();
        long inode = directory;
        while (inode != top) {
            Optional<DirentRow> name = view.anyName(inode);
            if (name.isEmpty() || names.size() == MAX_DEPTH) {
                return Optional.empty();
            }
            names.add(0, name.get().name());
            inode = name.get().parent();
        }
        return Optional.of(names);
    }

    /** mkdir: takes a snapshot. */
    Created create(OpContext op, FileHandle handle, Name name, CreateRequest request) throws FsException {
        InodeRow directory = requireChange(op, handle);
        if (request.type() != FileType.DIRECTORY) {
            throw new FsException(Errno.EPERM, "only mkdir, which takes a snapshot");
        }
        Optional<Created> earlier = earlierCreation(op, directory);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        long before = snapshots.changed();
        Committed<Snapshot> made = snapshots.create(
                new Request(
                        op.origin(),
                        (snapshot, from, to) ->
                                Results.encode(new Results.Creation(snapshot.number(), new DirectoryChange(from, to)))),
                name,
                false);
        op.noteJournaled(made.sequence());
        Node node = entry(op, directory, made.value())
                .orElseThrow(() -> new IllegalStateException("a snapshot without a root directory"));
        return new Created(node, new DirectoryChange(before, snapshots.changed()), true);
    }

    /** What this request was answered before a restart; empty if it was not, or if the snapshot is gone since. */
    private Optional<Created> earlierCreation(OpContext op, InodeRow directory) throws FsException {
        Optional<Bytes> answer = op.origin().flatMap(store::takeResult);
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        Results.Creation earlier = Results.creation(answer.get());
        Optional<Snapshot> made = snapshots.find(earlier.inode());
        return made.isEmpty()
                ? Optional.empty()
                : entry(op, directory, made.get()).map(node -> new Created(node, earlier.directory(), true));
    }

    /** rmdir: deletes a snapshot, whatever is in it. */
    DirectoryChange remove(OpContext op, FileHandle handle, Name name, RemoveKind kind) throws FsException {
        requireChange(op, handle);
        Optional<Bytes> earlier = op.origin().flatMap(store::takeResult);
        if (earlier.isPresent()) {
            return Results.change(earlier.get());
        }
        snapshots.require(name);
        if (kind == RemoveKind.NON_DIRECTORY) {
            throw new FsException(Errno.EISDIR, "a snapshot is deleted by rmdir");
        }
        long before = snapshots.changed();
        Request request =
                new Request(op.origin(), (snapshot, from, to) -> Results.encode(new DirectoryChange(from, to)));
        op.noteJournaled(snapshots.delete(request, name).sequence());
        return new DirectoryChange(before, snapshots.changed());
    }

    /** Gives a snapshot another name. */
    Renamed rename(OpContext op, FileHandle handle, Name from, Name to) throws FsException {
        requireChange(op, handle);
        Optional<Bytes> earlier = op.origin().flatMap(store::takeResult);
        if (earlier.isPresent()) {
            return Results.renamed(earlier.get());
        }
        long before = snapshots.changed();
        Request request = new Request(op.origin(), (snapshot, old, now) -> {
            DirectoryChange change = new DirectoryChange(old, now);
            return Results.encode(new Renamed(change, change));
        });
        op.noteJournaled(snapshots.rename(request, from, to).sequence());
        DirectoryChange change = new DirectoryChange(before, snapshots.changed());
        return new Renamed(change, change);
    }

    private InodeRow requireChange(OpContext op, FileHandle handle) throws FsException {
        InodeRow directory = requireDirectory(handle);
        if (readOnly) {
            throw new FsException(Errno.EROFS, "the file system is served read-only");
        }
        if (!isRoot(directory)) {
            throw new FsException(Errno.EROFS, "snapshots are made and deleted in .snapshots of the root directory");
        }
        Permissions.requireOwner(op.credentials(), directory);
        return directory;
    }
}
