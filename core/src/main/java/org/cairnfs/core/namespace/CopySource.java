package org.cairnfs.core.namespace;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.XattrRow;
import org.cairnfs.core.work.TreeWalk;

/**
 * Reads a tree that stands still, as of a snapshot, in pages: each directory before what is in it, with attributes and extents. A large
 * file comes in parts. For one thread at a time; goes on fastest where it was last.
 */
final class CopySource {
    /** Entries in a page: the step that copies them takes some tens of milliseconds. */
    private static final int ENTRIES = 512;

    private static final int EXTENTS = 4_096;

    /** The directory of the {@link Place} of the top itself, whose entry is not of the tree. */
    private static final long ABOVE = 0;

    private final MetadataView view;
    private final long top;
    private TreeWalk walk;
    private Optional<Place> at = Optional.empty();

    CopySource(MetadataView view, long top) {
        this.view = view;
        this.top = top;
    }

    /**
     * Where reading goes on.
     *
     * @param walk behind which entry; the beginning is {@link #BEGINNING}
     * @param offset 0, or where the file of that entry goes on
     */
    record Place(TreeWalk.Place walk, long offset) {
        static final Place BEGINNING = new Place(new TreeWalk.Place(ABOVE, 0), 0);

        static final int BYTES = TreeWalk.Place.BYTES + Long.BYTES;

        void write(ByteBuffer out) {
            out.put(walk.toBytes().asBuffer()).putLong(offset);
        }

        static Place read(ByteBuffer in) {
            return new Place(TreeWalk.Place.of(in), in.getLong());
        }
    }

    /**
     * An entry of the tree, or a further part of the file that it leads to.
     *
     * @param directory that holds it; {@link #isTop} for the top
     * @param name meaningless for the top
     * @param from where in the file this part begins: 0 with the entry itself
     */
    record Item(
            long directory, DirentRow name, InodeRow inode, List<XattrRow> xattrs, List<ExtentRow> extents, long from) {
        boolean isTop() {
            return directory == ABOVE;
        }
    }

    /**
     * Some of the tree.
     *
     * @param from where it begins
     * @param next empty when that is all
     */
    record Page(Place from, List<Item> items, Optional<Place> next) {}

    /** The directory that holds another in this tree. */
    long above(long directory) throws FsException {
        return directory == top ? ABOVE : inode(directory).parent();
    }

    /** @throws FsException EIO if a row is missing */
    Page read(Place from) throws FsException {
        if (at.isEmpty() || !at.get().equals(from)) {
            walk = TreeWalk.beside(view, top);
        }
        List<Item> items = new ArrayList<>();
        at = Optional.of(from);
        int extents = 0;
        while (at.isPresent() && items.size() < ENTRIES && extents < EXTENTS) {
            at = at.get().offset() > 0 ? part(at.get(), items) : next(at.get(), items);
            extents +=
                    items.isEmpty() ? 0 : items.get(items.size() - 1).extents().size();
        }
        return new Page(from, items, at);
    }

    private Optional<Place> next(Place at, List<Item> items) throws FsException {
        if (at.walk().directory() == ABOVE) {
            InodeRow inode = inode(top);
            Item item = item(ABOVE, null, inode);
            items.add(item);
            Optional<Place> rest = rest(at.walk(), item);
            return rest.isPresent() || !inode.isDirectory()
                    ? rest
                    : Optional.of(new Place(TreeWalk.Place.beginning(top), 0));
        }
        int before = items.size();
        Optional<TreeWalk.Place> walked =
                walk.walk(at.walk(), 1, (entry, inode) -> items.add(item(entry.parent(), entry, inode)));
        if (items.size() > before) {
            Optional<Place> rest = rest(walked.orElseThrow(), items.get(before));
            if (rest.isPresent()) {
                return rest;
            }
        }
        return walked.map(place -> new Place(place, 0));
    }

    /** A further part of the file of the entry that was read last. */
    private Optional<Place> part(Place at, List<Item> items) throws FsException {
        TreeWalk.Place walked = at.walk();
        DirentRow entry = null;
        InodeRow inode;
        if (walked.directory() == ABOVE) {
            inode = inode(top);
        } else {
            entry = view.dirents(walked.directory(), walked.after() - 1, 1).get(0);
            inode = inode(entry.inode());
        }
        List<ExtentRow> extents = view.extents(inode.content(), at.offset(), Long.MAX_VALUE, EXTENTS);
        Item item = new Item(walked.directory(), entry, inode, List.of(), extents, at.offset());
        items.add(item);
        Optional<Place> rest = rest(walked, item);
        if (rest.isPresent()) {
            return rest;
        }
        return walked.directory() == ABOVE ? Optional.empty() : Optional.of(new Place(walked, 0));
    }

    private static Optional<Place> rest(TreeWalk.Place walked, Item item) {
        int extents = item.extents().size();
        return extents < EXTENTS
                ? Optional.empty()
                : Optional.of(new Place(walked, item.extents().get(extents - 1).end()));
    }

    private Item item(long directory, DirentRow name, InodeRow inode) {
        List<XattrRow> xattrs = inode.xattrs() == 0 ? List.of() : view.xattrs(inode.inode());
        List<ExtentRow> extents = inode.type() == FileType.REGULAR && inode.size() > 0
                ? view.extents(inode.content(), 0, Long.MAX_VALUE, EXTENTS)
                : List.of();
        return new Item(directory, name, inode, xattrs, extents, 0);
    }

    private InodeRow inode(long inode) throws FsException {
        return view.inode(inode).orElseThrow(() -> new FsException(Errno.EIO, "inode " + inode + " is missing"));
    }
}
