package org.cairnfs.core.namespace;

import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.InodeRow;

/** The verb link: one more name for an inode that is no directory. */
final class Linking {
    private final Writer writer;
    private final Handles handles;
    private final Guards guards;

    Linking(Writer writer, Handles handles, Guards guards) {
        this.writer = writer;
        this.handles = handles;
        this.guards = guards;
    }

    DirectoryChange link(OpContext op, FileHandle inode, FileHandle directory, Name name) throws FsException {
        return writer.changeOnce(
                op, false, Results::change, transaction -> run(transaction, op, inode, directory, name));
    }

    private DirectoryChange run(
            Transaction transaction, OpContext op, FileHandle handle, FileHandle directory, Name name)
            throws FsException {
        Credentials who = op.credentials();
        InodeRow inode = handles.toChange(transaction, handle);
        InodeRow parent = handles.directoryToChange(transaction, directory);
        Permissions.requireSearch(who, parent);
        if (transaction.dirent(parent.inode(), name).isPresent()) {
            throw new FsException(Errno.EEXIST, name + " exists");
        }
        Permissions.requireAddition(who, parent);
        if (inode.isDirectory()) {
            throw new FsException(Errno.EPERM, "a hard link to a directory");
        }
        if (inode.nlink() == 0) {
            throw new FsException(Errno.ENOENT, "inode " + inode.inode() + " has lost its last name");
        }
        guards.requireSettled(parent);
        if (inode.quotaRoot() != parent.quotaRoot()) {
            throw new FsException(Errno.EXDEV, "a hard link across quota roots");
        }
        DirectoryEdit.requireRoomForLink(inode);
        guards.beforeChange(op, inode, parent);

        transaction.put(inode.edit()
                .nlink(inode.nlink() + 1)
                .ctime(transaction.now())
                .change(transaction.nextChange())
                .build());
        DirectoryEdit edit = new DirectoryEdit(transaction, parent);
        edit.add(name, inode);
        DirectoryChange change = edit.finish();
        transaction.result(Results.encode(change));
        return change;
    }
}
