package org.cairnfs.core.testkit;

import static org.cairnfs.core.testkit.ModelRules.check;
import static org.cairnfs.core.testkit.ModelRules.dropSetIds;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.SetTime;
import org.cairnfs.core.testkit.ModelInode.Entry;

/**
 * The inodes of the reference model, how a handle finds them, and what each kind of change does to their times. One lock (the object itself)
 * guards all.
 */
abstract class ModelInodes implements FileSystem {
    private static final long DAY = 86_400_000_000_000L;

    final UUID id = UUID.randomUUID();
    final LongSupplier clock;
    final Map<Long, ModelInode> inodes = new HashMap<>();
    final ModelInode root;
    final ModelAnswers answers = new ModelAnswers();
    long lastInode;
    long lastChange;
    long incarnation = 1;
    boolean grace;
    boolean readOnly;

    /**
     * A root directory alone, of mode 0755, which belongs to uid and gid 0.
     *
     * @param clock nanoseconds since the epoch
     */
    ModelInodes(LongSupplier clock) {
        this.clock = clock;
        root = newInode(FileType.DIRECTORY);
        root.mode = 0755;
        root.nlink = 2;
        root.parent = root;
        inodes.put(root.number, root);
    }

    /** What a restart does: pins are gone, orphans wait for the end of grace, origins may be resent. */
    public synchronized void restart() {
        inodes.values().forEach(inode -> inode.pins = 0);
        grace = true;
        incarnation++;
        answers.restart();
    }

    public synchronized void setReadOnly(boolean value) {
        readOnly = value;
    }

    // ---- handles

    ModelInode newInode(FileType type) {
        ModelInode made = new ModelInode(++lastInode, incarnation, type, clock.getAsLong());
        made.change = ++lastChange;
        return made;
    }

    ModelInode inode(FileHandle handle) throws FsException {
        ModelInode inode = inodes.get(handle.inode());
        boolean same = inode != null
                && handle.fileSystem().equals(id)
                && handle.generation() == inode.generation
                && handle.snapshot() == 0
                && handle.isInode();
        check(same, Errno.ESTALE);
        return inode;
    }

    ModelInode directory(FileHandle handle) throws FsException {
        ModelInode inode = inode(handle);
        check(inode.type == FileType.DIRECTORY, Errno.ENOTDIR);
        return inode;
    }

    ModelInode regular(FileHandle handle) throws FsException {
        ModelInode inode = inode(handle);
        check(inode.type != FileType.DIRECTORY, Errno.EISDIR);
        check(inode.type == FileType.REGULAR, Errno.EINVAL);
        return inode;
    }

    static Entry entry(ModelInode directory, Name name) throws FsException {
        check(directory.entries.containsKey(name), Errno.ENOENT);
        return directory.entries.get(name);
    }

    FileHandle handle(ModelInode inode) {
        return new FileHandle(id, inode.number, inode.generation, 0);
    }

    Node node(ModelInode inode) {
        return new Node(handle(inode), inode.attributes());
    }

    // ---- changes

    void checkWritable() throws FsException {
        check(!readOnly, Errno.EROFS);
    }

    /** Attributes changed. */
    DirectoryChange changed(ModelInode inode) {
        long before = inode.change;
        inode.ctime = clock.getAsLong();
        inode.change = ++lastChange;
        return new DirectoryChange(before, inode.change);
    }

    /** Contents changed (of a directory: its names). */
    DirectoryChange modified(ModelInode inode) {
        inode.mtime = clock.getAsLong();
        return changed(inode);
    }

    /** Someone wrote to a file. */
    void wrote(Credentials who, ModelInode file) {
        modified(file);
        if (!who.isSuperUser()) {
            dropSetIds(who, file);
        }
    }

    /** Contents were read: relatime. */
    void accessed(ModelInode inode) {
        long now = clock.getAsLong();
        boolean stale = inode.atime <= inode.mtime || inode.atime <= inode.ctime || now - inode.atime >= DAY;
        if (stale && !readOnly) {
            inode.atime = now;
        }
    }

    static void resize(ModelInode file, long size) {
        file.bytes.punch(size, file.size);
        file.size = size;
    }

    long time(SetTime wanted, long present) {
        if (wanted instanceof SetTime.At at) {
            return at.nanos();
        }
        return wanted == null ? present : clock.getAsLong();
    }

    void destroy(ModelInode inode) {
        inodes.remove(inode.number);
        inode.xattrs.keySet().forEach(name -> answers.touchXattr(inode, name));
    }
}
