package org.cairnfs.fuse.call;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.cairnfs.core.fs.Access;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.DirectoryPage.DirectoryEntry;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;

/** Calls on open directories. Safe for any number of threads. */
public final class DirectoryCalls {
    /** Cookies of {@code .} and {@code ..}; those of the file system are over them. */
    private static final long SELF = 1;

    private static final long PARENT = 2;

    private static final byte[] DOT = ".".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DOT_DOT = "..".getBytes(StandardCharsets.US_ASCII);

    /** Bytes of an entry in the kernel's buffer without its name: struct fuse_dirent. */
    private static final int ENTRY_BYTES = 24;

    private static final int LONGEST_PAGE = 2_000;

    private final FileSystem fileSystem;
    private final Inodes inodes;
    private final OpenFiles files;
    private final Patience patience;

    DirectoryCalls(FileSystem fileSystem, Inodes inodes, OpenFiles files, Patience patience) {
        this.fileSystem = fileSystem;
        this.inodes = inodes;
        this.files = files;
        this.patience = patience;
    }

    /** Takes entries until it is full. */
    @FunctionalInterface
    public interface Filler {
        /**
         * Adds an entry.
         *
         * @param next where a later call goes on behind it
         * @return false if there was no room for it
         */
        boolean add(byte[] name, long fileId, FileType type, long next);
    }

    /** OPENDIR; the directory stays readable through it whatever becomes of its mode, as of any that is open. */
    public Opened opendir(Request request, long inode) throws Refusal {
        KnownInode known = inodes.get(inode);
        FileHandle directory = known.handle();
        patience.run(request, op -> {
            if (fileSystem.access(op, directory, Access.READ) == 0) {
                throw new FsException(Errno.EACCES, "the directory may not be read");
            }
            fileSystem.pin(directory);
            return directory;
        });
        OpenFile opened = files.add(files.newNumber(), known, false, Patience.credentials(request));
        return new Opened(opened.number(), false);
    }

    /**
     * READDIR: some entries.
     *
     * @param after where an earlier call ended; 0 from the start
     * @param bytes that the filler has room for
     */
    public void readdir(Request request, long file, long after, int bytes, Filler filler) throws Refusal {
        FileHandle directory = files.get(file).inode().handle();
        int limit = Math.max(1, Math.min(LONGEST_PAGE, bytes / (ENTRY_BYTES + Long.BYTES)));
        if (after < SELF) {
            Attributes self = patience.runTrusted(request, op -> fileSystem.getattr(op, directory));
            if (!filler.add(DOT, self.fileId(), FileType.DIRECTORY, SELF)) {
                return;
            }
        }
        if (after < PARENT) {
            long parent = patience.runTrusted(request, op -> parentOf(op, directory));
            if (!filler.add(DOT_DOT, parent, FileType.DIRECTORY, PARENT)) {
                return;
            }
        }
        long from = after <= PARENT ? 0 : after;
        for (DirectoryEntry entry : page(request, directory, from, limit)) {
            Attributes attributes = entry.node().attributes();
            if (!filler.add(entry.name().bytes(), attributes.fileId(), attributes.type(), entry.cookie())) {
                return;
            }
        }
    }

    private List<DirectoryEntry> page(Request request, FileHandle directory, long after, int limit) throws Refusal {
        DirectoryPage page = patience.runTrusted(request, op -> fileSystem.readdir(op, directory, after, limit, true));
        return page.entries();
    }

    /** A directory that was removed while it is open has no parent any more; it shows itself. */
    private long parentOf(OpContext op, FileHandle directory) throws FsException {
        try {
            return fileSystem.lookupParent(op, directory).attributes().fileId();
        } catch (FsException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
            return fileSystem.getattr(op, directory).fileId();
        }
    }

    /** RELEASEDIR. */
    public void releasedir(long file) throws Refusal {
        fileSystem.unpin(files.remove(file).inode().handle());
    }

    /** FSYNCDIR: all changes of names so far survive power loss. */
    public void fsyncdir(Request request) throws Refusal {
        patience.runTrusted(request, op -> {
            fileSystem.awaitStable(fileSystem.newestChange());
            return null;
        });
    }
}
