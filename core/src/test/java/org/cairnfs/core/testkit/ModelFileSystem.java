package org.cairnfs.core.testkit;

import static org.cairnfs.core.fs.Access.EXECUTE;
import static org.cairnfs.core.fs.Access.READ;
import static org.cairnfs.core.fs.Access.WRITE;
import static org.cairnfs.core.testkit.ModelRules.SETGID;
import static org.cairnfs.core.testkit.ModelRules.check;
import static org.cairnfs.core.testkit.ModelRules.checkSize;
import static org.cairnfs.core.testkit.ModelRules.checkTarget;
import static org.cairnfs.core.testkit.ModelRules.dropSetIds;
import static org.cairnfs.core.testkit.ModelRules.fail;
import static org.cairnfs.core.testkit.ModelRules.isAtOrAbove;
import static org.cairnfs.core.testkit.ModelRules.isMember;
import static org.cairnfs.core.testkit.ModelRules.isOwner;
import static org.cairnfs.core.testkit.ModelRules.need;
import static org.cairnfs.core.testkit.ModelRules.needCreate;
import static org.cairnfs.core.testkit.ModelRules.needDelete;
import static org.cairnfs.core.testkit.ModelRules.permissions;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Created;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DeviceNumber;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.FsStatistics;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.Origin;
import org.cairnfs.core.fs.PriorAttributes;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.Renamed;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.SetTime;
import org.cairnfs.core.testkit.ModelInode.Entry;

/**
 * The reference model: a whole file system in plain memory, written to be believed by reading, against which the real one
 * is compared: {@link ModelInodes}, {@link ModelContents} and, here, names and attributes. Who may do what is in {@link ModelRules}.
 *
 * <p>Shares no code with the real one but the values of {@code core.fs}. Where POSIX leaves a choice it does what Linux'
 * VFS does, in the order in which Linux checks, as the errno of an operation that is wrong in two ways depends on it.
 *
 * <p>Each method first checks everything, then changes: what throws changed nothing. One lock (the object itself) guards
 * all. Nothing is durable; {@link #restart()} plays a restart of the server that lost nothing.
 */
public final class ModelFileSystem extends ModelContents {
    /** An empty file system on the system's clock, whose root has mode 0755 and belongs to uid and gid 0. */
    public ModelFileSystem() {
        this(() -> {
            Instant now = Instant.now();
            return now.getEpochSecond() * 1_000_000_000L + now.getNano();
        });
    }

    /**
     * An empty file system.
     *
     * @param clock nanoseconds since the epoch
     */
    public ModelFileSystem(LongSupplier clock) {
        super(clock);
    }

    // ---- attributes

    @Override
    public FileHandle root() {
        return handle(root);
    }

    @Override
    public synchronized Attributes getattr(OpContext op, FileHandle inode) throws FsException {
        return inode(inode).attributes();
    }

    @Override
    public synchronized Attributes setattr(OpContext op, FileHandle inode, SetAttributes wanted) throws FsException {
        return setattr(op, inode, wanted, false);
    }

    @Override
    public synchronized Attributes setattrOpen(OpContext op, FileHandle inode, SetAttributes wanted)
            throws FsException {
        return setattr(op, inode, wanted, true);
    }

    private Attributes setattr(OpContext op, FileHandle handle, SetAttributes wanted, boolean open) throws FsException {
        checkWritable();
        ModelInode inode = inode(handle);
        check(op.requiredCtime().orElse(inode.ctime) == inode.ctime, Errno.ENOTSYNC);
        if (wanted.isEmpty()) {
            return inode.attributes();
        }
        Credentials who = op.credentials();
        boolean owner = isOwner(who, inode);
        checkSize(inode.type, wanted.size());
        if (wanted.uid() != null) {
            check(who.isSuperUser() || owner && wanted.uid() == inode.uid, Errno.EPERM);
        }
        if (wanted.gid() != null) {
            int gid = wanted.gid();
            check(who.isSuperUser() || owner && (gid == inode.gid || who.isInGroup(gid)), Errno.EPERM);
        }
        check(wanted.mode() == null || owner, Errno.EPERM);
        boolean given = wanted.atime() instanceof SetTime.At || wanted.mtime() instanceof SetTime.At;
        check(!given || owner, Errno.EPERM);
        boolean now = wanted.atime() instanceof SetTime.Now || wanted.mtime() instanceof SetTime.Now;
        if (!open && (wanted.size() != null || now && !owner)) {
            need(who, inode, WRITE);
        }

        op.notePrior(PriorAttributes.of(inode.attributes()));
        boolean chown = wanted.uid() != null || wanted.gid() != null;
        if (chown && inode.type != FileType.DIRECTORY) {
            dropSetIds(who, inode);
        }
        if (wanted.size() != null) {
            modified(inode);
            resize(inode, wanted.size());
            if (!who.isSuperUser()) {
                dropSetIds(who, inode);
            }
        }
        inode.uid = wanted.uid() != null ? wanted.uid() : inode.uid;
        inode.gid = wanted.gid() != null ? wanted.gid() : inode.gid;
        if (wanted.mode() != null && inode.type != FileType.SYMLINK) {
            inode.mode = wanted.mode() & 07777;
            if (!isMember(who, inode.gid)) {
                inode.mode &= ~SETGID;
            }
        }
        changed(inode);
        inode.atime = time(wanted.atime(), inode.atime);
        inode.mtime = time(wanted.mtime(), inode.mtime);
        return inode.attributes();
    }

    @Override
    public synchronized int access(OpContext op, FileHandle inode, int wanted) throws FsException {
        int allowed = permissions(op.credentials(), inode(inode)) & wanted;
        return readOnly ? allowed & ~WRITE : allowed;
    }

    @Override
    public synchronized void checkWritable(OpContext op, FileHandle inode) throws FsException {
        inode(inode);
        if (readOnly) {
            throw new FsException(Errno.EROFS, "read-only");
        }
    }

    // ---- names

    @Override
    public synchronized Node lookup(OpContext op, FileHandle directory, Name name) throws FsException {
        ModelInode in = directory(directory);
        need(op.credentials(), in, EXECUTE);
        return node(entry(in, name).inode());
    }

    @Override
    public synchronized Node lookupParent(OpContext op, FileHandle directory) throws FsException {
        ModelInode in = directory(directory);
        need(op.credentials(), in, EXECUTE);
        check(in.nlink > 0, Errno.ENOENT);
        return node(in.parent);
    }

    @Override
    public synchronized Created create(OpContext op, FileHandle directory, Name name, CreateRequest request)
            throws FsException {
        Optional<Created> resent = answers.resent(op);
        if (resent.isPresent()) {
            Created before = resent.get();
            return new Created(node(inode(before.node().handle())), before.directory(), before.created());
        }
        checkWritable();
        FileType type = request.type();
        SetAttributes wanted = request.attributes();
        checkSize(type, wanted.size());
        checkTarget(request);
        ModelInode parent = directory(directory);
        Credentials who = op.credentials();
        need(who, parent, EXECUTE);
        Entry existing = parent.entries.get(name);
        if (existing != null) {
            return existing(parent, existing.inode(), request);
        }
        needCreate(who, parent);
        check(!type.isDevice() || who.isSuperUser(), Errno.EPERM);
        boolean setgid = (parent.mode & SETGID) != 0;
        int gid = setgid ? parent.gid : who.gid();
        check(wanted.uid() == null || who.isSuperUser() || wanted.uid() == who.uid(), Errno.EPERM);
        check(wanted.gid() == null || isMember(who, wanted.gid()) || wanted.gid() == gid, Errno.EPERM);

        DirectoryChange change = modified(parent);
        ModelInode made = newInode(type);
        made.uid = wanted.uid() != null ? wanted.uid() : who.uid();
        made.gid = wanted.gid() != null ? wanted.gid() : gid;
        made.mode = wanted.mode() != null ? wanted.mode() & 07777 : 0;
        if (setgid && type == FileType.DIRECTORY) {
            made.mode |= SETGID;
        } else if (setgid && (made.mode & 02010) == 02010 && !isMember(who, parent.gid)) {
            made.mode &= ~SETGID;
        }
        if (type == FileType.SYMLINK) {
            made.mode = 0777;
            made.target = request.target();
            made.size = made.target.length();
        }
        made.nlink = 1;
        if (type == FileType.DIRECTORY) {
            made.nlink = 2;
            made.parent = parent;
            parent.nlink++;
        }
        made.size = wanted.size() != null ? wanted.size() : made.size;
        made.device = type.isDevice() ? request.device() : DeviceNumber.NONE;
        made.atime = time(wanted.atime(), made.atime);
        made.mtime = time(wanted.mtime(), made.mtime);
        made.verifier = request.verifier();
        inodes.put(made.number, made);
        parent.add(name, made);
        answers.touch(parent, name);
        return answers.answer(op, new Created(node(made), change, true));
    }

    private Created existing(ModelInode parent, ModelInode inode, CreateRequest request) throws FsException {
        boolean regular = request.type() == FileType.REGULAR && inode.type == FileType.REGULAR;
        boolean acceptable =
                request.verifier() != null ? request.verifier().equals(inode.verifier) : request.existingOk();
        if (regular && acceptable) {
            return new Created(node(inode), new DirectoryChange(parent.change, parent.change), false);
        }
        boolean unchecked = request.verifier() == null && request.existingOk() && request.type() == FileType.REGULAR;
        throw fail(unchecked && inode.type == FileType.DIRECTORY ? Errno.EISDIR : Errno.EEXIST);
    }

    @Override
    public synchronized DirectoryChange link(OpContext op, FileHandle inode, FileHandle directory, Name name)
            throws FsException {
        Optional<DirectoryChange> resent = answers.resent(op);
        if (resent.isPresent()) {
            return resent.get();
        }
        checkWritable();
        ModelInode linked = inode(inode);
        ModelInode parent = directory(directory);
        need(op.credentials(), parent, EXECUTE);
        check(!parent.entries.containsKey(name), Errno.EEXIST);
        needCreate(op.credentials(), parent);
        check(linked.type != FileType.DIRECTORY, Errno.EPERM);
        check(linked.nlink > 0, Errno.ENOENT);

        linked.nlink++;
        changed(linked);
        parent.add(name, linked);
        answers.touch(parent, name);
        return answers.answer(op, modified(parent));
    }

    @Override
    public synchronized Renamed rename(
            OpContext op, FileHandle source, Name sourceName, FileHandle target, Name targetName, RenameFlag flag)
            throws FsException {
        Optional<Renamed> resent = answers.resent(op);
        if (resent.isPresent()) {
            return resent.get();
        }
        checkWritable();
        Credentials who = op.credentials();
        ModelInode from = directory(source);
        ModelInode to = directory(target);
        need(who, from, EXECUTE);
        ModelInode moved = entry(from, sourceName).inode();
        need(who, to, EXECUTE);
        check(to.nlink > 0, Errno.ENOENT);
        ModelInode there =
                to.entries.containsKey(targetName) ? entry(to, targetName).inode() : null;
        boolean exchange = flag == RenameFlag.EXCHANGE;
        check(flag != RenameFlag.NO_REPLACE || there == null, Errno.EEXIST);
        check(!exchange || there != null, Errno.ENOENT);
        check(!isAtOrAbove(moved, to), Errno.EINVAL);
        check(there == null || !isAtOrAbove(there, from), exchange ? Errno.EINVAL : Errno.ENOTEMPTY);
        if (moved == there) {
            return new Renamed(
                    new DirectoryChange(from.change, from.change), new DirectoryChange(to.change, to.change));
        }
        boolean movedIsDirectory = moved.type == FileType.DIRECTORY;
        boolean thereIsDirectory = there != null && there.type == FileType.DIRECTORY;
        needDelete(who, from, moved);
        if (there == null) {
            needCreate(who, to);
        } else {
            needDelete(who, to, there);
            check(exchange || !movedIsDirectory || thereIsDirectory, Errno.ENOTDIR);
            check(exchange || movedIsDirectory || !thereIsDirectory, Errno.EISDIR);
        }
        if (from != to && movedIsDirectory) {
            need(who, moved, WRITE);
        }
        if (from != to && exchange && thereIsDirectory) {
            need(who, there, WRITE);
        }
        check(exchange || !thereIsDirectory || there.entries.isEmpty(), Errno.ENOTEMPTY);

        answers.touch(from, sourceName);
        answers.touch(to, targetName);
        from.drop(sourceName);
        if (there != null) {
            to.drop(targetName);
        }
        to.add(targetName, moved);
        if (exchange) {
            from.add(sourceName, there);
        }
        if (movedIsDirectory) {
            moved.parent = to;
            from.nlink--;
            to.nlink++;
        }
        if (exchange && thereIsDirectory) {
            there.parent = from;
            to.nlink--;
            from.nlink++;
        }
        changed(moved);
        if (exchange) {
            changed(there);
        } else if (there != null) {
            lostName(there, to);
        }
        DirectoryChange fromChange = modified(from);
        return answers.answer(op, new Renamed(fromChange, from == to ? fromChange : modified(to)));
    }

    @Override
    public synchronized DirectoryChange remove(OpContext op, FileHandle directory, Name name, RemoveKind kind)
            throws FsException {
        Optional<DirectoryChange> resent = answers.resent(op);
        if (resent.isPresent()) {
            return resent.get();
        }
        checkWritable();
        ModelInode parent = directory(directory);
        need(op.credentials(), parent, EXECUTE);
        ModelInode victim = entry(parent, name).inode();
        needDelete(op.credentials(), parent, victim);
        boolean isDirectory = victim.type == FileType.DIRECTORY;
        check(!isDirectory || kind != RemoveKind.NON_DIRECTORY, Errno.EISDIR);
        check(isDirectory || kind != RemoveKind.DIRECTORY, Errno.ENOTDIR);
        check(!isDirectory || victim.entries.isEmpty(), Errno.ENOTEMPTY);

        answers.touch(parent, name);
        parent.drop(name);
        lostName(victim, parent);
        return answers.answer(op, modified(parent));
    }

    /** An inode lost a name in a directory: it goes with its last one, unless someone may have it open. */
    private void lostName(ModelInode inode, ModelInode parent) {
        if (inode.type == FileType.DIRECTORY) {
            parent.nlink--;
            inode.nlink = 0;
        } else {
            inode.nlink--;
        }
        changed(inode);
        if (inode.nlink == 0 && inode.pins == 0 && !grace) {
            destroy(inode);
        }
    }

    @Override
    public synchronized DirectoryPage readdir(
            OpContext op, FileHandle directory, long after, int limit, boolean attributes) throws FsException {
        check(after >= 0 && limit >= 1 && limit <= 10_000, Errno.EINVAL);
        ModelInode in = directory(directory);
        need(op.credentials(), in, READ);
        accessed(in);
        List<DirectoryPage.DirectoryEntry> page = new ArrayList<>();
        for (Entry entry : in.byCookie.tailMap(after, false).values()) {
            if (page.size() == limit) {
                return new DirectoryPage(page, false);
            }
            Node node =
                    new Node(handle(entry.inode()), attributes ? entry.inode().attributes() : null);
            page.add(new DirectoryPage.DirectoryEntry(entry.cookie(), entry.name(), node));
        }
        return new DirectoryPage(page, true);
    }

    @Override
    public synchronized Bytes readlink(OpContext op, FileHandle inode) throws FsException {
        ModelInode link = inode(inode);
        check(link.type == FileType.SYMLINK, Errno.EINVAL);
        accessed(link);
        return link.target;
    }

    // ---- the whole

    @Override
    public synchronized FsStatistics statfs(OpContext op, FileHandle inode) throws FsException {
        inode(inode);
        return new FsStatistics(1L << 60, 1L << 59, 1L << 40, (1L << 40) - inodes.size());
    }

    @Override
    public void awaitStable(long sequence) {
        // Nothing here survives anything.
    }

    @Override
    public synchronized long bootVerifier() {
        return incarnation;
    }

    @Override
    public synchronized Set<Origin> unansweredOrigins() {
        return answers.unanswered();
    }

    @Override
    public synchronized Optional<String> pathOf(FileHandle handle) {
        ModelInode inode = inodes.get(handle.inode());
        if (inode == null || inode == root) {
            return Optional.ofNullable(inode).map(found -> "/");
        }
        for (ModelInode parent : inodes.values()) {
            for (Entry entry : parent.entries.values()) {
                if (entry.inode() == inode) {
                    String above = parent == root ? "" : pathOf(handle(parent)).orElse("?");
                    return Optional.of(above + "/" + entry.name());
                }
            }
        }
        return Optional.empty();
    }
}
