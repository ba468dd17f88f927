package org.cairnfs.fuse.call;

import java.util.OptionalLong;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsStatistics;
import org.cairnfs.core.fs.SetAttributes;

/** Calls on attributes. Safe for any number of threads. */
public final class AttributeCalls {
    private final FileSystem fileSystem;
    private final Inodes inodes;
    private final OpenFiles files;
    private final Patience patience;

    AttributeCalls(FileSystem fileSystem, Inodes inodes, OpenFiles files, Patience patience) {
        this.fileSystem = fileSystem;
        this.inodes = inodes;
        this.files = files;
        this.patience = patience;
    }

    /** GETATTR. */
    public Attributes getattr(Request request, long inode) throws Refusal {
        FileHandle handle = inodes.get(inode).handle();
        return patience.runTrusted(request, op -> fileSystem.getattr(op, handle));
    }

    /**
     * SETATTR: chmod, chown, truncate, utimens.
     *
     * @param file the open file by which it is asked for (ftruncate), if any
     */
    public Attributes setattr(Request request, long inode, SetAttributes wanted, OptionalLong file) throws Refusal {
        KnownInode known = inodes.get(inode);
        FileHandle handle = known.handle();
        boolean open = file.isPresent() && files.get(file.getAsLong()).writable();
        Credentials caller = Patience.credentials(request);
        SetAttributes asked = wanted;
        Credentials who = caller;
        if (wanted.mode() != null && !owns(request, caller, handle)) {
            // The kernel has refused chmod(2) to all but owners. What still comes clears setuid and setgid of a file
            // that somebody else
            // writes to or truncates; the file system does that by itself with a new size, and else has to be asked by
            // one who may.
            asked = wanted.size() == null ? wanted : wanted.withMode(null);
            who = wanted.size() == null ? Credentials.ROOT : caller;
        }
        if (wanted.size() == null) {
            return set(request, known, asked, who, open);
        }
        known.begins();
        try {
            return set(request, known, asked, who, open);
        } finally {
            known.endsWithout();
        }
    }

    private Attributes set(Request request, KnownInode known, SetAttributes asked, Credentials who, boolean open)
            throws Refusal {
        return patience.run(request, who, op -> {
            Attributes after = open
                    ? fileSystem.setattrOpen(op, known.handle(), asked)
                    : fileSystem.setattr(op, known.handle(), asked);
            op.prior().ifPresent(before -> known.changedHere(before.change(), after.change()));
            return after;
        });
    }

    private boolean owns(Request request, Credentials caller, FileHandle handle) throws Refusal {
        return caller.isSuperUser()
                || patience.runTrusted(request, op -> fileSystem.getattr(op, handle))
                                .uid()
                        == caller.uid();
    }

    /** ACCESS: whether the caller has all of these {@link org.cairnfs.core.fs.Access} bits. */
    public boolean access(Request request, long inode, int wanted) throws Refusal {
        FileHandle handle = inodes.get(inode).handle();
        return patience.run(request, op -> fileSystem.access(op, handle, wanted)) == wanted;
    }

    /** STATFS. */
    public FsStatistics statfs(Request request, long inode) throws Refusal {
        FileHandle handle = inodes.get(inode).handle();
        return patience.runTrusted(request, op -> fileSystem.statfs(op, handle));
    }
}
