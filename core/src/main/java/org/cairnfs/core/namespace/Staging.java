package org.cairnfs.core.namespace;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.data.extent.ExtentEditor;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.InodeRowBuilder;
import org.cairnfs.core.metadata.row.OrphanRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.XattrRow;

/**
 * Makes the copy of a tree below a hidden directory, within one mutation after the other.
 *
 * <p>The staging directory is an orphan with entries, as the top of a removed tree is: {@code copy}, the top of the copy, and {@code links},
 * in which each file with several names has one more, its number in the source, by which its other names find it. So at every moment
 * all rows agree with each other, and who gives the copy up removes that one tree.
 *
 * <p>What is copied has the attributes of the source, but for its times of birth and of last change. The chunks are shared: the hidden snapshot
 * keeps the source's extents, and they keep the chunks. Used once, on the writer thread.
 */
final class Staging {
    static final Name COPY = name("copy");
    private static final Name LINKS = name("links");
    private static final int LINKS_IN_STEP = 256;

    private final Transaction transaction;
    private final CopyState.Arguments arguments;
    private final CopySource source;
    private final CopyQuotas quotas;
    private final long links;

    private long sourceDirectory;
    private InodeRow directory;
    private boolean directoryChanged;
    private long entries;
    private long bytes;

    /** Says for which quota a copied directory counts that is not the top. */
    @FunctionalInterface
    interface CopyQuotas {
        /**
         * The quota root of a copied directory.
         *
         * @param of the directory in the source
         * @param copy its copy, not put yet
         * @param above the quota root of the directory that it is copied into
         */
        long rootOf(Transaction transaction, InodeRow of, long copy, long above);
    }

    Staging(
            Transaction transaction,
            CopyState.Arguments arguments,
            CopySource source,
            CopyQuotas quotas,
            CopyState.Cursor cursor)
            throws FsException {
        this.transaction = transaction;
        this.arguments = arguments;
        this.source = source;
        this.quotas = quotas;
        this.links = Entries.require(transaction, directory(transaction, arguments.staging()), LINKS)
                .inode();
        this.sourceDirectory = cursor.source();
        this.directory = directory(transaction, cursor.target());
    }

    /** Makes the staging directory. */
    static InodeRow begin(Transaction transaction) {
        InodeRow links = hidden(transaction).nlink(2).build();
        InodeRowBuilder top = hidden(transaction);
        InodeRow staging =
                top.nlink(0).entries(1).nextCookie(Creation.FIRST_COOKIE + 1).build();
        staging = staging.edit().parent(staging.inode()).build();
        transaction.put(staging);
        transaction.put(new OrphanRow(staging.inode()));
        transaction.put(links.edit().parent(staging.inode()).build());
        transaction.put(new DirentRow(staging.inode(), LINKS, links.inode(), Creation.FIRST_COOKIE, 0));
        return staging;
    }

    /** Makes a directory for what is to be removed. */
    static InodeRow grave(Transaction transaction) {
        InodeRow made = hidden(transaction).build();
        InodeRow grave = made.edit().parent(made.inode()).build();
        transaction.put(grave);
        transaction.put(new OrphanRow(grave.inode()));
        return grave;
    }

    private static InodeRowBuilder hidden(Transaction transaction) {
        long now = transaction.now();
        return new InodeRowBuilder(transaction.newInode(), transaction.incarnation(), FileType.DIRECTORY)
                .mode(0700)
                .mtime(now)
                .ctime(now)
                .btime(now)
                .change(transaction.nextChange())
                .nextCookie(Creation.FIRST_COOKIE)
                .flags(InodeRow.FLAG_HIDDEN);
    }

    private static InodeRow directory(Transaction transaction, long inode) throws FsException {
        return transaction
                .peek(inode)
                .orElseThrow(() -> new FsException(Errno.EIO, "directory " + inode + " of a copy is missing"));
    }

    /** Copies an item of the source, the next after the one before. */
    void take(CopySource.Item item) throws FsException {
        enter(item.directory());
        Name name = item.isTop() ? COPY : item.name().name();
        if (item.from() > 0) {
            DirentRow begun = Entries.require(transaction, directory, name);
            putPart(Entries.toChange(transaction, begun), item.extents());
            return;
        }
        entries++;
        Optional<InodeRow> other = otherName(item);
        if (other.isPresent()) {
            InodeRow file = other.get();
            transaction.put(file.edit().nlink(file.nlink() + 1).build());
            add(name, file.inode(), false);
            return;
        }
        InodeRow made = make(item);
        transaction.put(made);
        add(name, made.inode(), made.isDirectory());
        if (made.isDirectory()) {
            leave();
            sourceDirectory = item.inode().inode();
            directory = made;
        }
        bytes += made.type() == FileType.REGULAR ? made.size() : 0;
    }

    /** Goes up to a directory of the source that is above the one before, or is that. */
    private void enter(long wanted) throws FsException {
        while (sourceDirectory != wanted) {
            leave();
            sourceDirectory = source.above(sourceDirectory);
            directory = directory(transaction, directory.parent());
        }
    }

    private void leave() {
        if (directoryChanged) {
            transaction.put(directory);
            directoryChanged = false;
        }
    }

    private void add(Name name, long inode, boolean isDirectory) {
        long cookie = directory.nextCookie();
        transaction.put(new DirentRow(directory.inode(), name, inode, cookie, 0));
        int more = isDirectory && directory.nlink() > 0 ? 1 : 0;
        directory = directory
                .edit()
                .entries(directory.entries() + 1)
                .nextCookie(cookie + 1)
                .nlink(directory.nlink() + more)
                .build();
        directoryChanged = true;
    }

    private InodeRow make(CopySource.Item item) {
        InodeRow of = item.inode();
        long inode = transaction.newInode();
        boolean linked = isLinked(item);
        InodeRowBuilder row = new InodeRowBuilder(inode, transaction.incarnation(), of.type())
                .mode(of.mode())
                .uid(of.uid())
                .gid(of.gid())
                .nlink(of.isDirectory() || linked ? 2 : 1)
                .size(of.size())
                .device(of.device())
                .mtime(of.mtime())
                .ctime(transaction.now())
                .btime(transaction.now())
                .change(transaction.nextChange())
                .target(of.target())
                .xattrs(item.xattrs().size());
        long above = item.isTop() ? arguments.quotaRoot() : directory.quotaRoot();
        if (of.isDirectory()) {
            row.parent(directory.inode())
                    .nextCookie(Creation.FIRST_COOKIE)
                    .quotaRoot(item.isTop() ? above : quotas.rootOf(transaction, of, inode, above));
        } else {
            row.quotaRoot(above);
        }
        if (of.type() == FileType.REGULAR) {
            long content = transaction.newContent();
            row.content(content).used(putExtents(content, item.extents()));
        }
        for (XattrRow xattr : item.xattrs()) {
            transaction.put(new XattrRow(inode, xattr.name(), xattr.value(), 0));
        }
        if (linked) {
            link(of.inode(), inode);
        }
        return row.build();
    }

    /** A part that the file has already is what comes with another of its names. */
    private void putPart(InodeRow file, List<ExtentRow> extents) {
        long from = extents.isEmpty() ? 0 : extents.get(0).offset();
        if (!extents.isEmpty()
                && transaction.extents(file.content(), from, from + 1, 1).isEmpty()) {
            long more = putExtents(file.content(), extents);
            transaction.put(file.edit().used(file.used() + more).build());
        }
    }

    private long putExtents(long content, List<ExtentRow> extents) {
        ExtentEditor editor = new ExtentEditor(transaction, content);
        extents.forEach(extent -> editor.put(extent.offset(), extent.length(), extent.chunk(), extent.chunkOffset()));
        return editor.bytes();
    }

    // ---- hard links

    private static boolean isLinked(CopySource.Item item) {
        return !item.inode().isDirectory() && item.inode().nlink() > 1 && !item.isTop();
    }

    private static Name name(String ascii) {
        return Name.ofTrusted(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    /** The copy of a file that has another name in the tree, which was copied before. */
    private Optional<InodeRow> otherName(CopySource.Item item) throws FsException {
        Optional<DirentRow> known = isLinked(item)
                ? transaction.dirent(links, name(Long.toString(item.inode().inode())))
                : Optional.empty();
        return known.isPresent() ? Optional.of(Entries.toChange(transaction, known.get())) : Optional.empty();
    }

    private void link(long of, long copy) {
        InodeRow map = transaction.peek(links).orElseThrow();
        transaction.put(new DirentRow(links, name(Long.toString(of)), copy, map.nextCookie(), 0));
        transaction.put(map.edit()
                .entries(map.entries() + 1)
                .nextCookie(map.nextCookie() + 1)
                .build());
    }

    /**
     * Takes some of the additional names of files away.
     *
     * @return whether there are more
     */
    boolean forgetLinks() throws FsException {
        List<DirentRow> page = transaction.dirents(links, 0, LINKS_IN_STEP);
        for (DirentRow entry : page) {
            InodeRow file = Entries.toChange(transaction, entry);
            transaction.put(file.edit().nlink(file.nlink() - 1).build());
            transaction.delete(new RowKey.Dirent(links, entry.name()));
        }
        InodeRow map = transaction.peek(links).orElseThrow();
        transaction.put(map.edit().entries(map.entries() - page.size()).build());
        return page.size() == LINKS_IN_STEP;
    }

    // ----

    /** Puts what is not put yet, and says how far it is. */
    CopyState.Cursor finish(CopyState.Cursor before, Optional<CopySource.Place> next) {
        leave();
        return new CopyState.Cursor(
                next.isPresent() ? CopyState.Phase.COPY : CopyState.Phase.FORGET_LINKS,
                next.orElse(before.place()),
                sourceDirectory,
                directory.inode(),
                before.entries() + entries,
                before.bytes() + bytes);
    }
}
