package org.cairnfs.core.data;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.cairnfs.core.data.dirty.DirtyRange;
import org.cairnfs.core.data.read.Piece;
import org.cairnfs.core.data.read.PieceReader;
import org.cairnfs.core.data.read.Pieces;
import org.cairnfs.core.data.read.ReadAhead;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.fs.SparseRead;
import org.cairnfs.core.metadata.row.ExtentRow;

/**
 * Reads the bytes of regular files: lays the dirty map over extents, as of one moment.
 *
 * <p>What a moment and the extents after it have to do with each other is said by the {@link FilePlace}. Thread-safe.
 */
final class ContentReader {
    private static final int EXTENTS_PER_PAGE = 1_000;

    private final FilePlace files;
    private final PieceReader reader;
    private final ReadAhead readAhead;

    ContentReader(FilePlace files, PieceReader reader, ReadAhead readAhead) {
        this.files = files;
        this.reader = reader;
        this.readAhead = readAhead;
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
            long before = files.clonesInto(inode);
            FileMoment moment = files.moment(inode, offset, length);
            try {
                List<Piece> pieces = pieces(moment, offset);
                if (files.clonesInto(inode) == before) {
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

    private List<Piece> pieces(FileMoment moment, long offset) {
        long end = moment.end();
        if (offset >= end) {
            return List.of();
        }
        List<ExtentRow> extents = isCovered(moment.ranges(), offset, end)
                ? List.of()
                : files.view().extents(moment.row().content(), offset, end, Integer.MAX_VALUE);
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
            long before = files.clonesInto(inode);
            OptionalLong found = seekOnce(inode, offset, data);
            if (files.clonesInto(inode) == before) {
                return found;
            }
        }
    }

    private OptionalLong seekOnce(long inode, long offset, boolean data) throws FsException {
        try (FileMoment moment = files.moment(inode, offset, Long.MAX_VALUE - offset)) {
            long size = moment.end();
            if (offset >= size) {
                throw new FsException(Errno.ENXIO, "seek at " + offset + " in a file of " + size + " bytes");
            }
            long at = offset;
            while (at < size) {
                List<ExtentRow> extents = files.view().extents(moment.row().content(), at, size, EXTENTS_PER_PAGE);
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

    /** What a range consists of; readable until closed. */
    private record Reading(FileMoment moment, long offset, List<Piece> pieces) implements AutoCloseable {
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
}
