package org.cairnfs.core.namespace;

import java.util.Optional;
import org.cairnfs.core.fs.Access;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.Renamed;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;

/** The verb rename, with its variants. */
final class Renaming {
    private final Writer writer;
    private final Handles handles;
    private final Guards guards;
    private final Orphans orphans;

    Renaming(Writer writer, Handles handles, Guards guards, Orphans orphans) {
        this.writer = writer;
        this.handles = handles;
        this.guards = guards;
        this.orphans = orphans;
    }

    Renamed rename(
            OpContext op, FileHandle source, Name sourceName, FileHandle target, Name targetName, RenameFlag flag)
            throws FsException {
        return writer.changeOnce(op, false, Results::renamed, transaction -> {
            Plan plan = plan(transaction, op.credentials(), source, sourceName, target, targetName, flag);
            if (plan.isSameInode()) {
                return new Renamed(DirectoryEdit.none(plan.from), DirectoryEdit.none(plan.to));
            }
            check(op, plan);
            Renamed renamed = plan.exchange ? exchange(transaction, plan) : move(transaction, plan);
            transaction.result(Results.encode(renamed));
            return renamed;
        });
    }

    /**
     * What a rename is about.
     *
     * @param from directory of the source name, with its entry and inode
     * @param to directory of the target name; equal to {@code from} when they are one
     * @param thereEntry what the target name leads to now; null (with {@code there}) if nothing
     */
    private record Plan(
            InodeRow from,
            DirentRow movedEntry,
            InodeRow moved,
            InodeRow to,
            Name targetName,
            DirentRow thereEntry,
            InodeRow there,
            boolean exchange) {

        /** Two names of one inode: POSIX wants nothing done. */
        boolean isSameInode() {
            return there != null && there.inode() == moved.inode();
        }

        boolean isWithinDirectory() {
            return from.inode() == to.inode();
        }

        /** What it changes, each once or more. */
        InodeRow[] changed() {
            return there == null ? new InodeRow[] {moved, from, to} : new InodeRow[] {moved, there, from, to};
        }

        boolean thereIsDirectory() {
            return there != null && there.isDirectory();
        }
    }

    /** Finds the inodes, and whether the names are in a state and a place that allows it. */
    private Plan plan(
            Transaction transaction,
            Credentials who,
            FileHandle source,
            Name sourceName,
            FileHandle target,
            Name targetName,
            RenameFlag flag)
            throws FsException {
        InodeRow from = handles.directoryToChange(transaction, source);
        InodeRow to = handles.directoryToChange(transaction, target);
        Permissions.requireSearch(who, from);
        DirentRow movedEntry = Entries.require(transaction, from, sourceName);
        InodeRow moved = Entries.toChange(transaction, movedEntry);
        Permissions.requireSearch(who, to);
        Permissions.requirePresent(to);
        boolean exchange = flag == RenameFlag.EXCHANGE;
        Optional<DirentRow> thereEntry = transaction.dirent(to.inode(), targetName);
        if (flag == RenameFlag.NO_REPLACE && thereEntry.isPresent()) {
            throw new FsException(Errno.EEXIST, targetName + " exists");
        }
        if (exchange && thereEntry.isEmpty()) {
            throw new FsException(Errno.ENOENT, "nothing to exchange with at " + targetName);
        }
        if (isAtOrAbove(transaction, moved, to)) {
            throw new FsException(Errno.EINVAL, sourceName + " would come to be within itself");
        }
        InodeRow there = thereEntry.isPresent() ? Entries.toChange(transaction, thereEntry.get()) : null;
        if (there != null && isAtOrAbove(transaction, there, from)) {
            throw new FsException(exchange ? Errno.EINVAL : Errno.ENOTEMPTY, targetName + " holds " + sourceName);
        }
        return new Plan(from, movedEntry, moved, to, targetName, thereEntry.orElse(null), there, exchange);
    }

    /** Whether a directory is another or one of its ancestors. */
    private static boolean isAtOrAbove(Transaction transaction, InodeRow upper, InodeRow lower) throws FsException {
        if (!upper.isDirectory()) {
            return false;
        }
        InodeRow at = lower;
        while (at.inode() != upper.inode()) {
            if (at.inode() == at.parent()) {
                return false;
            }
            InodeRow below = at;
            at = transaction
                    .peek(at.parent())
                    .orElseThrow(() -> new FsException(
                            Errno.EIO,
                            "directory " + below.inode() + " is in " + below.parent() + ", which is missing"));
        }
        return true;
    }

    private void check(OpContext op, Plan plan) throws FsException {
        Credentials who = op.credentials();
        InodeRow moved = plan.moved;
        Permissions.requireRemoval(who, plan.from, moved);
        if (plan.there == null) {
            Permissions.requireAddition(who, plan.to);
        } else {
            Permissions.requireRemoval(who, plan.to, plan.there);
            if (!plan.exchange) {
                checkKinds(moved, plan.there);
            }
        }
        if (!plan.isWithinDirectory()) {
            checkNewParents(who, plan);
        }
        if (!plan.exchange && plan.there != null) {
            Removal.requireEmpty(plan.there);
        }
        guards.beforeChange(op, plan.changed());
    }

    private static void checkKinds(InodeRow moved, InodeRow there) throws FsException {
        if (moved.isDirectory() && !there.isDirectory()) {
            throw new FsException(Errno.ENOTDIR, "a directory over what is none");
        }
        if (!moved.isDirectory() && there.isDirectory()) {
            throw new FsException(Errno.EISDIR, "a directory is in the way");
        }
    }

    /** A directory that gets another parent is changed itself ({@code ..}), so it must be writable. */
    private void checkNewParents(Credentials who, Plan plan) throws FsException {
        if (plan.moved.isDirectory()) {
            Permissions.require(who, plan.moved, Access.WRITE);
        }
        if (plan.exchange && plan.thereIsDirectory()) {
            Permissions.require(who, plan.there, Access.WRITE);
        }
        guards.requireSettled(plan.from, plan.to);
        if (plan.from.quotaRoot() != plan.to.quotaRoot()) {
            throw new FsException(Errno.EXDEV, "a rename across quota roots");
        }
        if (plan.moved.isDirectory() && !plan.thereIsDirectory()) {
            DirectoryEdit.requireRoomForLink(plan.to);
        }
        if (plan.exchange && plan.thereIsDirectory() && !plan.moved.isDirectory()) {
            DirectoryEdit.requireRoomForLink(plan.from);
        }
    }

    private Renamed move(Transaction transaction, Plan plan) {
        DirectoryEdit from = new DirectoryEdit(transaction, plan.from);
        DirectoryEdit to = plan.isWithinDirectory() ? from : new DirectoryEdit(transaction, plan.to);
        from.remove(plan.movedEntry.name(), plan.moved);
        if (plan.there == null) {
            to.add(plan.targetName, plan.moved);
        } else {
            to.replace(plan.thereEntry, plan.there, plan.moved);
            orphans.loseName(transaction, plan.there, plan.thereEntry);
        }
        putMoved(transaction, plan.moved, plan.to);
        return finish(from, to);
    }

    private static Renamed exchange(Transaction transaction, Plan plan) {
        DirectoryEdit from = new DirectoryEdit(transaction, plan.from);
        DirectoryEdit to = plan.isWithinDirectory() ? from : new DirectoryEdit(transaction, plan.to);
        from.replace(plan.movedEntry, plan.moved, plan.there);
        to.replace(plan.thereEntry, plan.there, plan.moved);
        putMoved(transaction, plan.moved, plan.to);
        putMoved(transaction, plan.there, plan.from);
        return finish(from, to);
    }

    private static void putMoved(Transaction transaction, InodeRow inode, InodeRow newParent) {
        transaction.put(inode.edit()
                .parent(inode.isDirectory() ? newParent.inode() : 0)
                .ctime(transaction.now())
                .change(transaction.nextChange())
                .build());
    }

    private static Renamed finish(DirectoryEdit from, DirectoryEdit to) {
        DirectoryChange source = from.finish();
        return new Renamed(source, from == to ? source : to.finish());
    }
}
