package org.cairnfs.core.namespace;

import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;

/** The verb remove: unlink and rmdir. */
final class Removal {
    private final Writer writer;
    private final Handles handles;
    private final Guards guards;
    private final Orphans orphans;

    Removal(Writer writer, Handles handles, Guards guards, Orphans orphans) {
        this.writer = writer;
        this.handles = handles;
        this.guards = guards;
        this.orphans = orphans;
    }

    DirectoryChange remove(OpContext op, FileHandle directory, Name name, RemoveKind kind) throws FsException {
        return writer.changeOnce(op, true, Results::change, transaction -> run(transaction, op, directory, name, kind));
    }

    private DirectoryChange run(Transaction transaction, OpContext op, FileHandle directory, Name name, RemoveKind kind)
            throws FsException {
        Credentials who = op.credentials();
        InodeRow parent = handles.directoryToChange(transaction, directory);
        Permissions.requireSearch(who, parent);
        DirentRow entry = Entries.require(transaction, parent, name);
        InodeRow victim = Entries.toChange(transaction, entry);
        Permissions.requireRemoval(who, parent, victim);
        if (victim.isDirectory()) {
            if (kind == RemoveKind.NON_DIRECTORY) {
                throw new FsException(Errno.EISDIR, name + " is a directory");
            }
            requireEmpty(victim);
        } else if (kind == RemoveKind.DIRECTORY) {
            throw new FsException(Errno.ENOTDIR, name + " is no directory");
        }
        guards.beforeChange(op, victim, parent);

        orphans.loseName(transaction, victim, entry);
        DirectoryEdit edit = new DirectoryEdit(transaction, parent);
        edit.remove(name, victim);
        DirectoryChange change = edit.finish();
        transaction.result(Results.encode(change));
        return change;
    }

    /** @throws FsException ENOTEMPTY for a directory with entries */
    static void requireEmpty(InodeRow inode) throws FsException {
        if (inode.entries() > 0) {
            throw new FsException(
                    Errno.ENOTEMPTY, "directory " + inode.inode() + " has " + inode.entries() + " entries");
        }
    }
}
