package org.cairnfs.core.namespace;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.WorkRow;
import org.cairnfs.core.metadata.row.XattrRow;
import org.cairnfs.core.snapshot.Snapshot;

/**
 * Brings a file, a tree, or everything back to what it was in a snapshot: {@link TreeCopy} makes a copy out of the snapshot where nobody sees it,
 * and one mutation puts it in the place of what is there, which is freed in the background.
 *
 * <p>A directory stays the same inode, so that handles of it (mounts) and its quota stay good, and gets the names and attributes that it had; so
 * {@link #MAX_ENTRIES} bounds how many names directly in it may be exchanged at once. What is in it are new inodes. Where a
 * directory below has a quota, what comes in its place has it too.
 *
 * <p>What a tree lock holds stands in the way, as with {@link TreeRemoval}. Of a server that ends before the exchange nothing is left but the present.
 *
 * <p>Safe for any number of threads.
 */
public final class Rollback {
    /** Names directly in a directory that is rolled back, before or then: what fits into one record of the journal. */
    public static final int MAX_ENTRIES = 8_192;

    private final MetadataStore store;
    private final Writer writer;
    private final Guards guards;
    private final TreeRemoval removal;
    private final TreeCopy copies;
    private final long incarnation;

    Rollback(
            MetadataStore store, Writer writer, Guards guards, TreeRemoval removal, TreeCopy copies, long incarnation) {
        this.store = store;
        this.writer = writer;
        this.guards = guards;
        this.removal = removal;
        this.copies = copies;
        this.incarnation = incarnation;
    }

    /**
     * A rollback that was begun.
     *
     * @param work by which to ask {@link TreeCopy#progress} and {@link #isStaged}
     * @param path absolute
     * @param parent inode of the directory that holds it; 0 for the root
     * @param name in it
     */
    public record Begun(long work, String path, long parent, Name name) {}

    /**
     * Begins to copy what a path was in a snapshot.
     *
     * @throws FsException ENOENT if it is not in the snapshot, or the directory that held it is no more; E2BIG; EINVAL, EAGAIN
     */
    public Begun begin(Snapshot snapshot, String path) throws FsException {
        MetadataView past = store.asOf(snapshot.epoch());
        InodeRow source = Paths.find(past, path);
        List<String> parts = Splitter.on('/').omitEmptyStrings().splitToList(path);
        boolean isRoot = parts.isEmpty();
        String last = isRoot ? "root" : parts.get(parts.size() - 1);
        Name name = Name.of(last);
        long parent = isRoot
                ? 0
                : Paths.find(store.view(), path.substring(0, path.lastIndexOf(last)))
                        .inode();
        requireFits(source);
        return writer.change(new OpContext(Credentials.ROOT), transaction -> {
            Optional<InodeRow> present = present(transaction, parent, name);
            InodeRow counts = present.filter(row -> row.isDirectory() && source.isDirectory())
                    .or(() -> transaction.peek(parent))
                    .orElseThrow(() -> gone(path));
            TreeCopy.Request request =
                    new TreeCopy.Request(OptionalLong.of(snapshot.number()), source.inode(), parent, name);
            return new Begun(copies.begin(transaction, request, counts.quotaRoot(), incarnation), path, parent, name);
        });
    }

    private static void requireFits(InodeRow directory) throws FsException {
        if (directory.entries() > MAX_ENTRIES) {
            throw new FsException(
                    Errno.E2BIG,
                    "directory " + directory.inode() + " has " + directory.entries() + " names, over " + MAX_ENTRIES
                            + "; roll back what is in it, or copy it out of the snapshot with cairn cp");
        }
    }

    private static FsException gone(String path) {
        return new FsException(Errno.ENOENT, "the directory of " + path + " was removed");
    }

    private static Optional<InodeRow> present(Transaction transaction, long parent, Name name) throws FsException {
        if (parent == 0) {
            return transaction.inode(RootDirectory.INODE);
        }
        Optional<DirentRow> entry = transaction.dirent(parent, name);
        return entry.isPresent() ? Optional.of(Entries.toChange(transaction, entry.get())) : Optional.empty();
    }

    /** Whether all is copied, and {@link #exchange} can be called. */
    public boolean isStaged(Begun begun) {
        return copies.isStaged(begun.work());
    }

    /** Gives it up. */
    public void giveUp(Begun begun) throws FsException {
        writer.changeFreeing(new OpContext(Credentials.ROOT), transaction -> {
            TreeCopy.row(transaction, begun.work()).ifPresent(work -> copies.end(transaction, work));
            return null;
        });
    }

    /** Takes a snapshot of what is there, in the mutation that exchanges it. */
    @FunctionalInterface
    public interface Safety {
        Snapshot take(Transaction transaction) throws FsException;
    }

    /**
     * Puts the copy in the place of what is there, at one moment.
     *
     * @return the snapshot of what was there until then
     * @throws FsException EPERM if a tree lock holds something of what is there; ENOENT, E2BIG; EAGAIN while a lease in it is being given back,
     *     or a quota changed: nothing is exchanged then
     */
    public Snapshot exchange(Begun begun, Safety safety) throws FsException {
        OpContext op = new OpContext(Credentials.ROOT);
        Optional<InodeRow> there = lookUp(begun);
        List<Long> tops = there.map(row -> List.of(row.inode())).orElseGet(List::of);
        return removal.whenUnlocked(op, tops, transaction -> {
            Optional<InodeRow> present = present(transaction, begun.parent(), begun.name());
            if (!present.map(InodeRow::inode).equals(there.map(InodeRow::inode))) {
                throw new FsException(Errno.EAGAIN, begun.path() + " was replaced meanwhile");
            }
            WorkRow work = TreeCopy.row(transaction, begun.work())
                    .orElseThrow(() -> new FsException(Errno.ENOENT, "the copy for it was given up"));
            Snapshot before = safety.take(transaction);
            exchange(transaction, op, begun, present, work);
            copies.end(transaction, work);
            return before;
        });
    }

    private Optional<InodeRow> lookUp(Begun begun) {
        return begun.parent() == 0
                ? store.view().inode(RootDirectory.INODE)
                : store.view()
                        .dirent(begun.parent(), begun.name())
                        .flatMap(entry -> store.view().inode(entry.inode()));
    }

    private void exchange(Transaction transaction, OpContext op, Begun begun, Optional<InodeRow> present, WorkRow work)
            throws FsException {
        long staging = TreeCopy.staging(work);
        InodeRow copy = Entries.look(
                transaction,
                Entries.require(transaction, transaction.peek(staging).orElseThrow(), Staging.COPY));
        if (present.isPresent() && present.get().isDirectory() && copy.isDirectory()) {
            exchangeEntries(transaction, op, present.get(), copy);
            return;
        }
        InodeRow parent = transaction.peek(begun.parent()).orElseThrow(() -> gone(begun.path()));
        requireQuota(copy, parent);
        if (present.isPresent()) {
            DirentRow entry = Entries.require(transaction, parent, begun.name());
            removal.detach(transaction, op, entry, true);
            parent = transaction.peek(begun.parent()).orElseThrow();
        } else {
            guards.beforeChange(op, parent);
        }
        DirectoryEdit edit = new DirectoryEdit(transaction, parent);
        edit.add(begun.name(), TreeCopy.taken(transaction, staging, parent.inode()));
        edit.finish();
    }

    private static void requireQuota(InodeRow copy, InodeRow counts) throws FsException {
        if (copy.quotaRoot() != counts.quotaRoot()) {
            throw new FsException(Errno.EAGAIN, "a quota was changed meanwhile; roll back again");
        }
    }

    /** Everything in the directory goes into one that is removed, and everything in the copy comes out of it. */
    private void exchangeEntries(Transaction transaction, OpContext op, InodeRow directory, InodeRow copy)
            throws FsException {
        requireFits(directory);
        requireQuota(copy, directory);
        guards.beforeExchange(op, directory);
        List<DirentRow> old = transaction.dirents(directory.inode(), 0, MAX_ENTRIES);
        List<InodeRow> leaving = new ArrayList<>();
        for (DirentRow entry : old) {
            InodeRow child = Entries.toChange(transaction, entry);
            guards.beforeRemoval(op, child, directory);
            leaving.add(child);
        }
        DirectoryEdit edit = new DirectoryEdit(transaction, directory);
        DirectoryEdit from = new DirectoryEdit(transaction, copy);
        InodeRow grave = Staging.grave(transaction);
        DirectoryEdit into = new DirectoryEdit(transaction, grave);
        for (int i = 0; i < old.size(); i++) {
            edit.remove(old.get(i).name(), leaving.get(i));
            into.add(old.get(i).name(), moved(transaction, leaving.get(i), grave.inode()));
        }
        for (DirentRow entry : transaction.dirents(copy.inode(), 0, MAX_ENTRIES)) {
            InodeRow child = Entries.toChange(transaction, entry);
            from.remove(entry.name(), child);
            edit.add(entry.name(), moved(transaction, child, directory.inode()));
        }
        from.finish();
        into.finish();
        edit.finish();
        removal.discard(transaction, transaction.peek(grave.inode()).orElseThrow(), Optional.empty());
        takeAttributes(transaction, transaction.inode(directory.inode()).orElseThrow(), copy);
    }

    private static InodeRow moved(Transaction transaction, InodeRow child, long parent) {
        InodeRow moved = child.edit()
                .parent(child.isDirectory() ? parent : 0)
                .ctime(transaction.now())
                .change(transaction.nextChange())
                .build();
        transaction.put(moved);
        return moved;
    }

    private static void takeAttributes(Transaction transaction, InodeRow directory, InodeRow copy) {
        for (Name name : transaction.xattrNames(directory.inode())) {
            transaction.delete(new RowKey.Xattr(directory.inode(), name));
        }
        for (XattrRow xattr : transaction.xattrs(copy.inode())) {
            transaction.put(new XattrRow(directory.inode(), xattr.name(), xattr.value(), 0));
        }
        transaction.put(directory
                .edit()
                .mode(copy.mode())
                .uid(copy.uid())
                .gid(copy.gid())
                .mtime(copy.mtime())
                .xattrs(copy.xattrs())
                .build());
    }
}
