package org.cairnfs.fuse.call;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.cairnfs.core.fs.Access;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Created;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.WriteResult;
import org.cairnfs.core.lock.Leases;
import org.cairnfs.core.lock.LockLimitException;
import org.cairnfs.core.lock.LockOwner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls on open files. An open file is pinned, so that it lives on without a name; stands in the table of shares, so that clients of NFS
 * are promised nothing about it that this open would break; and is written to with the rights of who opened it.
 *
 * <p>Safe for any number of threads.
 */
public final class FileCalls {
    private static final Logger LOG = LoggerFactory.getLogger(FileCalls.class);
    private static final int MODE_BITS = 07777;
    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;
    private static final int ZERO_RANGE = 16;

    private final Shared shared;
    private final FileSystem fileSystem;
    private final Inodes inodes;
    private final OpenFiles files;
    private final Patience patience;
    private final KernelPages kernel;

    FileCalls(Shared shared, Inodes inodes, OpenFiles files, Patience patience, KernelPages kernel) {
        this.kernel = kernel;
        this.shared = shared;
        this.fileSystem = shared.fileSystem();
        this.inodes = inodes;
        this.files = files;
        this.patience = patience;
    }

    /** OPEN; the flags are those of open(2), O_TRUNC among them. */
    public Opened open(Request request, long inode, int flags) throws Refusal {
        KnownInode known = inodes.get(inode);
        Credentials who = Patience.credentials(request);
        int wanted = OpenFlags.access(flags);
        patience.run(request, who, op -> {
            admit(op, known.handle(), wanted);
            return known;
        });
        return opened(request, who, known, flags, OpenFlags.truncates(flags));
    }

    /**
     * CREATE: makes a file and opens it; one that another client has made just now is opened, unless the flags say O_EXCL.
     *
     * @param mode permission bits, less the caller's umask: they do not bind who makes the file
     */
    public CreatedFile create(Request request, long directory, byte[] name, int mode, int flags) throws Refusal {
        FileHandle in = inodes.get(directory).handle();
        Credentials who = Patience.credentials(request);
        CreateRequest exclusive = CreateRequest.file(mode & MODE_BITS);
        CreateRequest wanted = OpenFlags.isExclusive(flags) ? exclusive : exclusive.unchecked();
        Created created = patience.run(request, who, op -> {
            Created made = fileSystem.create(op, in, Name.of(name), wanted);
            if (!made.created()) {
                admit(op, made.node().handle(), OpenFlags.access(flags));
            }
            return made;
        });
        KnownInode known = inodes.tell(created.node().handle());
        try {
            boolean truncate = !created.created() && OpenFlags.truncates(flags);
            Opened opened = opened(request, who, known, flags, truncate);
            Attributes now = truncate
                    ? patience.runTrusted(request, op -> fileSystem.getattr(op, known.handle()))
                    : created.node().attributes();
            return new CreatedFile(new Entry(known.number(), now), opened);
        } catch (Refusal e) {
            inodes.forget(known.number(), 1);
            throw e;
        }
    }

    private void admit(OpContext op, FileHandle handle, int wanted) throws FsException {
        if (fileSystem.access(op, handle, wanted) != wanted) {
            // Which says no to what is immutable or read-only too: with another errno.
            if ((wanted & Access.WRITE) != 0) {
                fileSystem.checkWritable(op, handle);
            }
            throw new FsException(Errno.EACCES, "the file may not be opened so");
        }
    }

    private Opened opened(Request request, Credentials who, KnownInode known, int flags, boolean truncate)
            throws Refusal {
        long number = files.newNumber();
        boolean writes = OpenFlags.wantsWrite(flags);
        LockOwner owner = Owners.ofOpen(number);
        known.begins();
        boolean done = false;
        try {
            Attributes now = admitted(request, who, known, owner, flags, truncate);
            files.add(number, known, writes, who);
            done = true;
            return new Opened(number, known.keepsPages(now));
        } finally {
            if (!done) {
                known.endsWithout();
            }
        }
    }

    private Attributes admitted(
            Request request, Credentials who, KnownInode known, LockOwner owner, int flags, boolean truncate)
            throws Refusal {
        FileHandle handle = known.handle();
        return patience.run(request, who, op -> {
            fileSystem.pin(handle);
            try {
                share(handle, owner, OpenFlags.access(flags));
                if (OpenFlags.wantsWrite(flags)) {
                    breakLeases(handle);
                }
                return truncate ? truncate(op, known) : fileSystem.getattr(op, handle);
            } catch (FsException | Refusal e) {
                shared.shares().close(handle, owner);
                fileSystem.unpin(handle);
                throw e;
            }
        });
    }

    private Attributes truncate(OpContext op, KnownInode known) throws FsException {
        Attributes before = fileSystem.getattr(op, known.handle());
        if (before.type() != FileType.REGULAR) {
            return before;
        }
        Attributes after = fileSystem.setattrOpen(op, known.handle(), SetAttributes.ofSize(0L));
        op.prior().ifPresent(prior -> known.changedHere(prior.change(), after.change()));
        return after;
    }

    private void share(FileHandle handle, LockOwner owner, int access) throws FsException, Refusal {
        int wanted = (access & Access.WRITE) == 0 ? Owners.SHARE_READ : Owners.shareOf(access);
        try {
            Optional<LockOwner> denier = shared.shares().open(handle, owner, wanted, 0);
            if (denier.isPresent()) {
                throw new FsException(Errno.EACCES, "a client of NFS has opened the file and denies others to");
            }
        } catch (LockLimitException e) {
            throw new Refusal(Refusal.ENFILE, e.getMessage());
        }
    }

    private void breakLeases(FileHandle handle) throws FsException {
        if (shared.leases().breakLeases(handle, Leases.ANYBODY) == Leases.Outcome.DELAY) {
            throw new FsException(Errno.EAGAIN, "a client of NFS gives back its lease");
        }
        shared.leases().changed(handle);
    }

    /** READ. */
    public ReadResult read(Request request, long file, long offset, int length) throws Refusal {
        FileHandle handle = files.get(file).inode().handle();
        return patience.runTrusted(request, op -> fileSystem.readOpen(op, handle, offset, length));
    }

    /**
     * WRITE: in the journal on return.
     *
     * @param fromCache whether the kernel writes what was changed through a memory mapping: then nobody's rights are asked
     * @return bytes taken
     */
    public int write(Request request, long file, long offset, ByteBuffer data, boolean fromCache) throws Refusal {
        OpenFile open = files.get(file);
        KnownInode known = open.inode();
        Credentials who = fromCache ? Credentials.ROOT : open.opener();
        return patience.run(request, who, op -> {
            WriteResult written = fileSystem.writeOpen(op, known.handle(), offset, data.duplicate());
            // As much of it as was taken.
            ByteBuffer taken = data.slice(data.position(), written.count());
            op.prior()
                    .ifPresent(
                            before -> known.writtenHere(before, written.after().change(), offset, taken));
            return written.count();
        });
    }

    /** FALLOCATE; the mode is that of fallocate(2). */
    public void fallocate(Request request, long file, int mode, long offset, long length) throws Refusal {
        OpenFile open = files.get(file);
        FileHandle handle = open.inode().handle();
        switch (mode) {
            case 0 -> patience.run(request, open.opener(), op -> fileSystem.allocateOpen(op, handle, offset, length));
            case KEEP_SIZE -> {
                // Nothing is reserved in a store without bounds.
            }
            case PUNCH_HOLE | KEEP_SIZE, ZERO_RANGE | KEEP_SIZE ->
                patience.run(request, open.opener(), op -> fileSystem.deallocateOpen(op, handle, offset, length));
            case ZERO_RANGE -> {
                patience.run(request, open.opener(), op -> fileSystem.allocateOpen(op, handle, offset, length));
                patience.run(request, open.opener(), op -> fileSystem.deallocateOpen(op, handle, offset, length));
            }
            default -> throw new Refusal(Refusal.EOPNOTSUPP, "fallocate of mode " + mode);
        }
    }

    /** FSYNC: all that was written so far survives power loss. */
    public void fsync(Request request, long file) throws Refusal {
        FileHandle handle = files.get(file).inode().handle();
        patience.runTrusted(request, op -> {
            fileSystem.commit(op, handle);
            return null;
        });
    }

    /** RELEASE: nobody has it open any more. What was written to a small file, the kernel is given back, so that it need not ask for it. */
    public void release(long file) throws Refusal {
        release(file, kernel);
    }

    /** The same, after the kernel has gone. */
    void abandon(long file) throws Refusal {
        release(file, KernelPages.NONE);
    }

    private void release(long file, KernelPages pages) throws Refusal {
        OpenFile open = files.remove(file);
        KnownInode known = open.inode();
        FileHandle handle = known.handle();
        known.ends(() -> attributes(handle), contents -> pages.store(known.number(), contents));
        shared.shares().close(handle, Owners.ofOpen(file));
        fileSystem.unpin(handle);
    }

    private Optional<Attributes> attributes(FileHandle handle) {
        try {
            return Optional.of(fileSystem.getattr(new OpContext(Credentials.ROOT), handle));
        } catch (FsException e) {
            LOG.debug("The kernel is not given what was written: {}", e.getMessage());
            return Optional.empty();
        }
    }
}
