package org.cairnfs.core.namespace;

import org.cairnfs.core.data.Contents;
import org.cairnfs.core.fs.Access;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.SetTime;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.AtimeRow;
import org.cairnfs.core.metadata.row.InodeRow;

/**
 * The verb setattr: chmod, chown, truncate, utimensat, in one step. Several at once happen in the order owner, size, mode,
 * times; so a mode that is given is what stays, whatever owner and size clear.
 */
final class AttributeChange {
    private final Writer writer;
    private final Handles handles;
    private final Stats stats;
    private final Guards guards;
    private final Contents contents;

    AttributeChange(Writer writer, Handles handles, Stats stats, Guards guards, Contents contents) {
        this.writer = writer;
        this.handles = handles;
        this.stats = stats;
        this.guards = guards;
        this.contents = contents;
    }

    /**
     * Sets attributes.
     *
     * @param open whether the caller holds the file open for writing
     */
    Attributes set(OpContext op, FileHandle handle, SetAttributes wanted, boolean open) throws FsException {
        Changed changed = writer.change(op, transaction -> {
            InodeRow inode = handles.toChange(transaction, handle);
            if (op.requiredCtime().orElse(inode.ctime()) != inode.ctime()) {
                throw new FsException(Errno.ENOTSYNC, "inode " + inode.inode() + " was changed meanwhile");
            }
            if (wanted.isEmpty()) {
                return new Changed(inode, transaction.atime(inode));
            }
            checkSize(inode.type(), wanted.size());
            checkPermission(op.credentials(), inode, wanted, open);
            if (wanted.size() != null) {
                guards.requireRoom(inode, Math.max(0, wanted.size() - inode.size()), 0);
            }
            guards.beforeChange(op, inode);
            op.notePrior(Stats.prior(inode));
            return apply(transaction, op.credentials(), inode, wanted);
        });
        // Not within the mutation: what a truncation gives back is known when it is in the journal.
        return stats.of(changed.row, changed.atime);
    }

    /** The inode after it. */
    private record Changed(InodeRow row, long atime) {}

    /** Whether a kind of inode may have this size; EISDIR, EINVAL. */
    static void checkSize(FileType type, Long size) throws FsException {
        if (size == null) {
            return;
        }
        if (type == FileType.DIRECTORY) {
            throw new FsException(Errno.EISDIR, "the size of a directory");
        }
        if (type != FileType.REGULAR || size < 0) {
            throw new FsException(Errno.EINVAL, "size " + size + " of a " + type);
        }
    }

    private static void checkPermission(Credentials who, InodeRow inode, SetAttributes wanted, boolean open)
            throws FsException {
        checkChown(who, inode, wanted);
        boolean givenTime = wanted.atime() instanceof SetTime.At || wanted.mtime() instanceof SetTime.At;
        if (wanted.mode() != null || givenTime) {
            Permissions.requireOwner(who, inode);
        }
        boolean now = wanted.atime() instanceof SetTime.Now || wanted.mtime() instanceof SetTime.Now;
        boolean touches = now && !Permissions.isOwner(who, inode);
        if (!open && (wanted.size() != null || touches)) {
            Permissions.require(who, inode, Access.WRITE);
        }
    }

    /** Only the super-user gives away; an owner may choose among the own groups. */
    private static void checkChown(Credentials who, InodeRow inode, SetAttributes wanted) throws FsException {
        if (wanted.uid() == null && wanted.gid() == null) {
            return;
        }
        Permissions.requireOwner(who, inode);
        if (who.isSuperUser()) {
            return;
        }
        boolean sameUser = wanted.uid() == null || wanted.uid() == inode.uid();
        boolean ownGroup = wanted.gid() == null || wanted.gid() == inode.gid() || who.isInGroup(wanted.gid());
        if (!sameUser || !ownGroup) {
            throw new FsException(Errno.EPERM, "inode " + inode.inode() + " is not given away");
        }
    }

    private Changed apply(Transaction transaction, Credentials who, InodeRow before, SetAttributes wanted) {
        InodeRow row = before;
        if (wanted.uid() != null || wanted.gid() != null) {
            row = row.edit()
                    .mode(ModeBits.afterChown(who, row))
                    .uid(wanted.uid() == null ? row.uid() : wanted.uid())
                    .gid(wanted.gid() == null ? row.gid() : wanted.gid())
                    .build();
        }
        if (wanted.size() != null) {
            if (wanted.size() < before.size()) {
                contents.truncate(transaction, before, wanted.size());
            }
            row = row.edit()
                    .mode(ModeBits.afterWrite(who, row))
                    .size(wanted.size())
                    .mtime(transaction.now())
                    .build();
        }
        if (wanted.mode() != null && row.type() != FileType.SYMLINK) {
            row = row.edit()
                    .mode(ModeBits.afterChmod(who, row.gid(), wanted.mode()))
                    .build();
        }
        row = row.edit()
                .mtime(time(wanted.mtime(), row.mtime(), transaction))
                .ctime(transaction.now())
                .change(transaction.nextChange())
                .build();
        transaction.put(row);
        if (wanted.atime() == null) {
            return new Changed(row, transaction.atime(row));
        }
        long atime = time(wanted.atime(), 0, transaction);
        transaction.put(new AtimeRow(row.inode(), atime));
        return new Changed(row, atime);
    }

    private static long time(SetTime wanted, long present, Transaction transaction) {
        if (wanted instanceof SetTime.At at) {
            return at.nanos();
        }
        return wanted == null ? present : transaction.now();
    }
}
