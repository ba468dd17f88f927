package org.cairnfs.core.namespace;

import java.util.Optional;
import java.util.UUID;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.InodeRow;

/** From file handles to rows and back; knows whether a handle is still of something. */
final class Handles {
    /** Inodes have fewer bits: in a snapshot, a file has its own number for clients, made of both. */
    private static final int INODE_BITS = 40;

    private final UUID fileSystem;
    private final long snapshot;
    private final Pins pins;

    /**
     * @param snapshot that all of them are of; 0 is the present
     * @param pins what is open, which is more than names lead to
     */
    Handles(UUID fileSystem, long snapshot, Pins pins) {
        this.fileSystem = fileSystem;
        this.snapshot = snapshot;
        this.pins = pins;
    }

    /** Those of the same file system in a snapshot. */
    Handles ofSnapshot(long number) {
        return new Handles(fileSystem, number, pins);
    }

    FileHandle of(InodeRow inode) {
        return new FileHandle(fileSystem, inode.inode(), inode.generation(), snapshot);
    }

    /** The number of an inode as clients see it: differs from those of all other files, of snapshots too. */
    static long fileId(FileHandle handle) {
        return handle.inode() ^ (handle.snapshot() << INODE_BITS) ^ (handle.snapshot() & FileHandle.LINK);
    }

    /** The inode as it is, for reading; ESTALE. */
    InodeRow inode(MetadataView view, FileHandle handle) throws FsException {
        return check(handle, view.inode(handle.inode()));
    }

    /** The inode, locked for the rest of the mutation, to be changed by it; ESTALE. */
    InodeRow toChange(Transaction transaction, FileHandle handle) throws FsException {
        return check(handle, transaction.inode(handle.inode()));
    }

    /** A directory for reading; ESTALE, ENOTDIR. */
    InodeRow directory(MetadataView view, FileHandle handle) throws FsException {
        return directory(inode(view, handle));
    }

    /** A directory to be changed by a mutation; not locked, as only the writer thread changes directories. */
    InodeRow directoryToChange(Transaction transaction, FileHandle handle) throws FsException {
        return directory(check(handle, transaction.peek(handle.inode())));
    }

    /** A regular file for reading; ESTALE, EISDIR, EINVAL. */
    InodeRow file(MetadataView view, FileHandle handle) throws FsException {
        return file(inode(view, handle));
    }

    /** A regular file, locked for the rest of the mutation; ESTALE, EISDIR, EINVAL. */
    InodeRow fileToChange(Transaction transaction, FileHandle handle) throws FsException {
        return file(toChange(transaction, handle));
    }

    private static InodeRow directory(InodeRow inode) throws FsException {
        if (!inode.isDirectory()) {
            throw new FsException(Errno.ENOTDIR, "inode " + inode.inode() + " is no directory");
        }
        return inode;
    }

    private static InodeRow file(InodeRow inode) throws FsException {
        if (inode.isDirectory()) {
            throw new FsException(Errno.EISDIR, "inode " + inode.inode() + " is a directory");
        }
        if (inode.type() != FileType.REGULAR) {
            throw new FsException(Errno.EINVAL, "inode " + inode.inode() + " is no regular file");
        }
        return inode;
    }

    private InodeRow check(FileHandle handle, Optional<InodeRow> found) throws FsException {
        boolean same = found.isPresent()
                && handle.generation() == found.get().generation()
                && handle.snapshot() == snapshot
                && handle.isInode()
                && handle.fileSystem().equals(fileSystem)
                && (!found.get().isTrashed() || pins.mayBeOpen(handle.inode()));
        if (!same) {
            throw new FsException(Errno.ESTALE, "no inode is " + handle);
        }
        return found.get();
    }
}
