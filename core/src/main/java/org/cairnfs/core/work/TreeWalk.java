package org.cairnfs.core.work;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;

/**
 * Walks through everything below a directory, each directory before what is in it, in parts: a {@link Place} says how far it is, in
 * sixteen bytes however deep the tree, as the way back up is read from the tree. So nothing in the tree may change between the
 * parts; what is outside of it may. Made anew for each part, and used by one thread.
 */
public final class TreeWalk {
    private static final int PAGE = 256;

    private final MetadataView view;
    private final LongFunction<Optional<InodeRow>> inodes;
    private final long root;

    /** What was read of directories and not visited yet. */
    private final Map<Long, Deque<DirentRow>> ahead = new HashMap<>();

    private TreeWalk(MetadataView view, LongFunction<Optional<InodeRow>> inodes, long root) {
        this.view = view;
        this.inodes = inodes;
        this.root = root;
    }

    /** Through what is below a directory, beside the writer thread. */
    public static TreeWalk beside(MetadataView view, long root) {
        return new TreeWalk(view, view::inode, root);
    }

    /** Through what is below a directory, within a mutation. */
    public static TreeWalk within(Transaction transaction, long root) {
        return new TreeWalk(transaction, transaction::peek, root);
    }

    /**
     * Where a walk is.
     *
     * @param directory whose entries come next
     * @param after the cookie of the last of them that was visited
     */
    public record Place(long directory, long after) {
        /** Length of {@link #toBytes}. */
        public static final int BYTES = 2 * Long.BYTES;

        /** Where the walk below a directory begins. */
        public static Place beginning(long root) {
            return new Place(root, 0);
        }

        /** For a {@link org.cairnfs.core.metadata.row.WorkRow}. */
        public Bytes toBytes() {
            return Bytes.ofTrusted(
                    ByteBuffer.allocate(BYTES).putLong(directory).putLong(after).array());
        }

        /** Reads what {@link #toBytes} gave. */
        public static Place of(ByteBuffer in) {
            return new Place(in.getLong(), in.getLong());
        }
    }

    /** Is shown each entry with its inode, which is not locked. */
    @FunctionalInterface
    public interface Visitor {
        void visit(DirentRow entry, InodeRow inode) throws FsException;
    }

    /**
     * Goes on.
     *
     * @param steps entries to visit at most, and directories to leave
     * @return where to go on; empty when everything was visited
     */
    public Optional<Place> walk(Place from, int steps, Visitor visitor) throws FsException {
        Place at = from;
        for (int left = steps; left > 0; left--) {
            Optional<DirentRow> next = next(at);
            if (next.isPresent()) {
                DirentRow entry = next.get();
                InodeRow inode = inode(entry.inode());
                visitor.visit(entry, inode);
                at = inode.isDirectory() ? Place.beginning(entry.inode()) : new Place(at.directory(), entry.cookie());
            } else if (at.directory() == root) {
                return Optional.empty();
            } else {
                at = above(at.directory());
            }
        }
        return Optional.of(at);
    }

    private Optional<DirentRow> next(Place at) {
        Deque<DirentRow> entries = ahead.computeIfAbsent(at.directory(), directory -> new ArrayDeque<>());
        if (entries.isEmpty()) {
            List<DirentRow> page = view.dirents(at.directory(), at.after(), PAGE);
            entries.addAll(page);
        }
        return Optional.ofNullable(entries.poll());
    }

    /** Behind the entry of a directory in its own. */
    private Place above(long directory) throws FsException {
        ahead.remove(directory);
        DirentRow own = view.anyName(directory)
                .orElseThrow(() -> new FsException(Errno.EIO, "directory " + directory + " is in no other"));
        return new Place(own.parent(), own.cookie());
    }

    private InodeRow inode(long inode) throws FsException {
        return inodes.apply(inode).orElseThrow(() -> new FsException(Errno.EIO, "inode " + inode + " is missing"));
    }
}
