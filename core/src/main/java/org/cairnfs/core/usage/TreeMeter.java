package org.cairnfs.core.usage;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PrimitiveIterator;
import java.util.function.BooleanSupplier;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeRow;

/**
 * Measures one tree by walking through it, and then through the extents of its files. It locks nothing: what changes meanwhile is counted as it was
 * before, or after, or, where a directory moves within the tree, twice or not at all. In memory it keeps a page of names
 * for each level of depth, and a bit for each content and chunk.
 *
 * <p>Used once, by one thread.
 */
public final class TreeMeter {
    private static final int NAMES_PER_PAGE = 512;
    private static final int EXTENTS_PER_PAGE = 1_000;

    /** So many extents of a chunk are looked at; a chunk with more counts as needed elsewhere. */
    private static final int MOST_REFERENCES = 10_000;

    private static final int STEPS_PER_REPORT = 1_000;

    private final MetadataView view;
    private final OptionalLong newestSnapshot;
    private final Listener listener;
    private final BooleanSupplier ended;
    private final NumberSet linked = new NumberSet();
    private final NumberSet contents = new NumberSet();
    private long bytes;
    private long inodes;
    private long steps;

    /** Hears now and then how far a measurement is. */
    public interface Listener {
        /** So many entries were walked through. */
        void walked(long entries);

        /** So many files were looked at. */
        void scanned(long files, long ofFiles);
    }

    /**
     * A measurement.
     *
     * @param view the metadata, of the present or of a snapshot
     * @param newestSnapshot the epoch of the newest snapshot that the present has, 0 if it has none; empty if a snapshot is measured
     * @param ended whether to break off
     */
    public TreeMeter(MetadataView view, OptionalLong newestSnapshot, Listener listener, BooleanSupplier ended) {
        this.view = view;
        this.newestSnapshot = newestSnapshot;
        this.listener = listener;
        this.ended = ended;
    }

    /** A directory that the walk is in. */
    private static final class Level {
        private final long directory;
        private final Deque<DirentRow> ahead = new ArrayDeque<>();
        private long after;

        Level(long directory) {
            this.directory = directory;
        }

        /** The next entry; null at the end. */
        DirentRow next(MetadataView view) {
            if (ahead.isEmpty()) {
                ahead.addAll(view.dirents(directory, after, NAMES_PER_PAGE));
            }
            DirentRow next = ahead.poll();
            after = next == null ? after : next.cookie();
            return next;
        }
    }

    /**
     * Measures a tree.
     *
     * @param stored whether to look at the storage, too
     * @throws FsException EAGAIN if it was broken off
     */
    public TreeUsage measure(InodeRow root, boolean stored) throws FsException {
        walk(root);
        return new TreeUsage(bytes, inodes, false, stored ? Optional.of(scan()) : Optional.empty());
    }

    private void walk(InodeRow root) throws FsException {
        Deque<Level> levels = new ArrayDeque<>();
        visit(root, levels);
        while (!levels.isEmpty()) {
            DirentRow entry = levels.getLast().next(view);
            if (entry == null) {
                levels.removeLast();
                continue;
            }
            Optional<InodeRow> inode = view.inode(entry.inode());
            if (inode.isPresent()) {
                visit(inode.get(), levels);
            }
            if (isTimeToReport()) {
                listener.walked(inodes);
            }
        }
    }

    private void visit(InodeRow inode, Deque<Level> levels) {
        if (inode.isDirectory()) {
            levels.addLast(new Level(inode.inode()));
        } else if (inode.nlink() > 1 && !linked.add(inode.inode())) {
            return;
        }
        inodes++;
        if (inode.type() == FileType.REGULAR) {
            bytes += inode.size();
            contents.add(inode.content());
        }
    }

    private boolean isTimeToReport() throws FsException {
        if (++steps % STEPS_PER_REPORT != 0) {
            return false;
        }
        if (ended.getAsBoolean()) {
            throw new FsException(Errno.EAGAIN, "the measurement was broken off, as the file system ends");
        }
        return true;
    }

    /** Adds up the chunks of the contents that the walk found. */
    private TreeUsage.Stored scan() throws FsException {
        Sums sums = new Sums();
        long files = 0;
        for (PrimitiveIterator.OfLong next = contents.iterator(); next.hasNext(); ) {
            sums.addContent(next.nextLong());
            files++;
            if (isTimeToReport()) {
                listener.scanned(files, contents.size());
            }
        }
        return sums.stored();
    }

    /** Sums over chunks. */
    private final class Sums {
        private final NumberSet chunks = new NumberSet();
        private long plain;
        private long whole;
        private long alone;
        private long snapshots;
        private long elsewhere;

        void addContent(long content) {
            long at = 0;
            List<ExtentRow> page;
            do {
                page = view.extents(content, at, Long.MAX_VALUE, EXTENTS_PER_PAGE);
                for (ExtentRow extent : page) {
                    at = extent.end();
                    if (chunks.add(extent.chunk())) {
                        view.chunk(extent.chunk()).ifPresent(this::addChunk);
                    }
                }
            } while (page.size() == EXTENTS_PER_PAGE);
        }

        private void addChunk(ChunkRow chunk) {
            plain += chunk.length();
            whole += chunk.storedLength();
            if (newestSnapshot.isEmpty()) {
                return;
            }
            List<ExtentRow> references = view.references(chunk.chunk(), MOST_REFERENCES);
            if (references.size() == MOST_REFERENCES
                    || references.stream().anyMatch(extent -> !contents.contains(extent.content()))) {
                elsewhere += chunk.storedLength();
            } else if (references.stream().anyMatch(extent -> extent.born() <= newestSnapshot.getAsLong())
                    || view.isReferencedByHistory(chunk.chunk())) {
                snapshots += chunk.storedLength();
            } else {
                alone += chunk.storedLength();
            }
        }

        TreeUsage.Stored stored() {
            return new TreeUsage.Stored(
                    chunks.size(),
                    plain,
                    whole,
                    newestSnapshot.isPresent()
                            ? Optional.of(new TreeUsage.Sharing(alone, snapshots, elsewhere))
                            : Optional.empty());
        }
    }
}
