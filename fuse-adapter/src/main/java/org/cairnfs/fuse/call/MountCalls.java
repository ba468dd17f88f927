package org.cairnfs.fuse.call;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All calls of one mount, and what it knows: the kernel's inodes and the open files. Safe for any number of threads. */
public final class MountCalls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MountCalls.class);

    private final Shared shared;
    private final Inodes inodes;
    private final OpenFiles files = new OpenFiles();
    private final OpenFiles directories = new OpenFiles();
    private final NameCalls names;
    private final AttributeCalls attributes;
    private final XattrCalls xattrs;
    private final DirectoryCalls directoryCalls;
    private final FileCalls fileCalls;
    private final LockCalls locks;

    /**
     * @param blocking told by threads that are about to wait for long
     * @param kernel given pages
     */
    public MountCalls(Shared shared, Blocking blocking, KernelPages kernel) {
        this.shared = shared;
        Patience patience = new Patience(blocking);
        inodes = new Inodes(shared.fileSystem().root());
        names = new NameCalls(shared.fileSystem(), inodes, patience);
        attributes = new AttributeCalls(shared.fileSystem(), inodes, files, patience);
        xattrs = new XattrCalls(shared.fileSystem(), inodes, patience);
        directoryCalls = new DirectoryCalls(shared.fileSystem(), inodes, directories, patience);
        fileCalls = new FileCalls(shared, inodes, files, patience, kernel);
        locks = new LockCalls(shared, inodes);
    }

    public NameCalls names() {
        return names;
    }

    public AttributeCalls attributes() {
        return attributes;
    }

    public XattrCalls xattrs() {
        return xattrs;
    }

    public DirectoryCalls directories() {
        return directoryCalls;
    }

    public FileCalls files() {
        return fileCalls;
    }

    public LockCalls locks() {
        return locks;
    }

    /** Files and directories that processes have open. */
    public int openFiles() {
        return files.size() + directories.size();
    }

    /** What the kernel means by a number, if it was told of it. */
    public Optional<FileHandle> handle(long inode) {
        return inodes.find(inode).map(KnownInode::handle);
    }

    /** Inodes that the kernel knows. */
    public int knownInodes() {
        return inodes.size();
    }

    /**
     * The open files, by the kernel's numbers, that somebody else has changed since the kernel filled its pages: to be told to the kernel, and
     * not named again for the same change.
     */
    public List<Long> outdated() {
        List<Long> outdated = new ArrayList<>();
        OpContext op = new OpContext(Credentials.ROOT);
        for (OpenFile file : files.all()) {
            KnownInode inode = file.inode();
            try {
                Attributes now = shared.fileSystem().getattr(op, inode.handle());
                if (inode.isOutdated(now)) {
                    outdated.add(inode.number());
                }
            } catch (FsException e) {
                LOG.debug("An open file is not looked at for changes: {}", e.getMessage());
            }
        }
        return outdated;
    }

    /** Gives back what the mount holds in the file system. Calls after it, or still under way, fail in some way. */
    @Override
    public void close() {
        locks.close();
        for (OpenFile file : files.all()) {
            release(() -> fileCalls.abandon(file.number()));
        }
        for (OpenFile directory : directories.all()) {
            release(() -> directoryCalls.releasedir(directory.number()));
        }
    }

    private interface Release {
        void run() throws Refusal;
    }

    private static void release(Release release) {
        try {
            release.run();
        } catch (Refusal e) {
            LOG.debug("released at the same time by the kernel: {}", e.getMessage());
        }
    }
}
