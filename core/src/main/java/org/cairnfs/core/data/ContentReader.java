package org.cairnfs.core.data;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.data.dirty.DirtyRange;
import org.cairnfs.core.data.read.Piece;
import org.cairnfs.core.data.read.PieceReader;
import org.cairnfs.core.data.read.Pieces;
import org.cairnfs.core.data.read.ReadAhead;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.fs.SparseRead;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeRow;

/**
 * Reads the bytes of regular files: lays the dirty map over extents, as of one moment.
 *
 * <p>Row and dirty ranges are looked at under the inode's lock, extents after that. A flush that ends in between puts bytes into extents
 * that the dirty ranges have as well; a clone may change what no dirty range lies over, so clones are counted, and whoever finds that there
 * was one begins again. Thread-safe.
 */
final class ContentReader {
    private static final int EXTENTS_PER_PAGE = 1_000;
    private static final Journal.Pin UNPINNED = () -> {};

    private final MetadataStore metadata;
    private final Journal journal;
    private final DirtyMap dirty;
    private final PieceReader reader;
    private final ReadAhead readAhead;

    /**
     * How often the extents of a content were changed while no dirty range lay over them, by the inode's last bits: who looks at a large
     * file for long does not begin again for each clone into another.
     */
    private final AtomicLongArray clones = new AtomicLongArray(1_024);

    ContentReader(MetadataStore metadata, Journal journal, DirtyMap dirty, PieceReader reader, ReadAhead readAhead) {
        this.metadata = metadata;
        this.journal = journal;
        this.dirty = dirty;
        this.reader = reader;
        this.readAhead = readAhead;
    }

    /** To be told under the inode's lock, before the extents of a clone are seen. */
    void isClonedInto(long inode) {
        clones.incrementAndGet(stripe(inode));
    }

    private long clonesInto(long inode) {
        return clones.get(stripe(inode));
    }

    private int stripe(long inode) {
        return (int) (inode % clones.length());
    }

    /** What a range consists of, zeros included. */
    ReadResult read(long inode, long offset, int length) throws FsException {
        try (Reading reading = reading(inode, offset, length)) {
            List<ByteBuffer> buffers = new ArrayList<>();
            for (Piece piece : reading.pieces()) {
                read(piece, buffers);
            }
            return new ReadResult(buffers, reading.length(), reading.isEnd());
        }
    }

    /** The same, with holes told as such. */
    SparseRead readSparse(long inode, long offset, int length) throws FsException {
        try (Reading reading = reading(inode, offset, length)) {
            List<SparseRead.Segment> segments = new ArrayList<>();
            for (Piece piece : reading.pieces()) {
                List<ByteBuffer> buffers = new ArrayList<>();
                if (!(piece instanceof Piece.Zeros)) {
                    read(piece, buffers);
                }
                segments.add(new SparseRead.Segment(piece.offset(), (int) piece.length(), buffers));
            }
            return new SparseRead(segments, reading.isEnd());
        }
    }

    /** Finds out where a range is, at one moment, and sends for it. */
    private Reading reading(long inode, long offset, int length) throws FsException {
        while (true) {
            long before = clonesInto(inode);
            Moment moment = moment(inode, offset, length);
            try {
                List<Piece> pieces = pieces(moment, offset);
                if (clonesInto(inode) == before) {
                    reader.willRead(pieces);
                    if (!pieces.isEmpty()) {
                        readAhead.isRead(moment.row(), offset, moment.end());
                    }
                    return new Reading(moment, offset, pieces);
                }
            } catch (RuntimeException e) {
                moment.close();
                throw e;
            }
            // The extents may be of after a clone, and the dirty ranges of before it.
            moment.close();
        }
    }

    private List<Piece> pieces(Moment moment, long offset) {
        long end = moment.end();
        if (offset >= end) {
            return List.of();
        }
        List<ExtentRow> extents = isCovered(moment.ranges(), offset, end)
                ? List.of()
                : metadata.view().extents(moment.row().content(), offset, end, Integer.MAX_VALUE);
        return Pieces.merge(offset, end, moment.ranges(), extents);
    }

    private void read(Piece piece, List<ByteBuffer> to) throws FsException {
        long skip = 0;
        while (skip < piece.length()) {
            ByteBuffer bytes = reader.read(piece, skip, (int) (piece.length() - skip));
            skip += bytes.remaining();
            to.add(bytes.isReadOnly() ? bytes : bytes.asReadOnlyBuffer());
        }
    }

    /** The next data or hole at an offset or behind it; see {@link Contents#seek}. */
    OptionalLong seek(long inode, long offset, boolean data) throws FsException {
        while (true) {
            long before = clonesInto(inode);
            OptionalLong found = seekOnce(inode, offset, data);
            if (clonesInto(inode) == before) {
                return found;
            }
        }
    }

    private OptionalLong seekOnce(long inode, long offset, boolean data) throws FsException {
        try (Moment moment = moment(inode, offset, Long.MAX_VALUE - offset)) {
            long size = moment.end();
            if (offset >= size) {
                throw new FsException(Errno.ENXIO, "seek at " + offset + " in a file of " + size + " bytes");
            }
            long at = offset;
            while (at < size) {
                List<ExtentRow> extents = metadata.view().extents(moment.row().content(), at, size, EXTENTS_PER_PAGE);
                long known = extents.size() < EXTENTS_PER_PAGE
                        ? size
                        : Math.min(size, extents.get(extents.size() - 1).end());
                for (Piece piece : Pieces.merge(at, known, within(moment.ranges(), at, known), extents)) {
                    if (piece instanceof Piece.Zeros != data) {
                        return OptionalLong.of(piece.offset());
                    }
                }
                at = known;
            }
            return data ? OptionalLong.empty() : OptionalLong.of(size);
        }
    }

    private static boolean isCovered(List<DirtyRange> ranges, long from, long to) {
        long at = from;
        for (DirtyRange range : ranges) {
            if (range.offset() > at) {
                return false;
            }
            at = range.end();
        }
        return at >= to;
    }

    private static List<DirtyRange> within(List<DirtyRange> ranges, long from, long to) {
        return ranges.stream()
                .filter(range -> range.end() > from && range.offset() < to)
                .map(range -> range.within(from, to))
                .toList();
    }

    /** A file at one moment: its row, and what is dirty in a range of it, kept readable until closed. */
    private record Moment(InodeRow row, long end, List<DirtyRange> ranges, Journal.Pin pin) implements AutoCloseable {
        /** Outside of the inode's lock: who lets a segment go last deletes its file. */
        Moment unpinned() {
            pin.close();
            return new Moment(row, end, ranges, UNPINNED);
        }

        @Override
        public void close() {
            pin.close();
        }
    }

    /** What a range consists of; readable until closed. */
    private record Reading(Moment moment, long offset, List<Piece> pieces) implements AutoCloseable {
        int length() {
            return (int) Math.max(0, moment.end() - offset);
        }

        boolean isEnd() {
            return offset >= moment.end() || moment.end() == moment.row().size();
        }

        @Override
        public void close() {
            moment.close();
        }
    }

    /** The pin is taken before the dirty ranges are looked at: what a flush that ends meanwhile lets go stays readable. */
    private Moment moment(long inode, long offset, long length) throws FsException {
        Moment moment = metadata.locked(inode, (row, appender) -> {
            long end = Math.min(row.size(), offset + Math.min(length, Long.MAX_VALUE - offset));
            boolean clean = offset >= end || dirty.content(row.content()).isEmpty();
            Journal.Pin pin = clean ? UNPINNED : journal.pin();
            return new Moment(row, end, clean ? List.of() : dirty.within(row.content(), offset, end), pin);
        });
        return moment.ranges().isEmpty() ? moment.unpinned() : moment;
    }
}
