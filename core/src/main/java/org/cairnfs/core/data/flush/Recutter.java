package org.cairnfs.core.data.flush;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.data.chunk.Chunker;
import org.cairnfs.core.data.read.Piece;
import org.cairnfs.core.data.read.PieceReader;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;

/**
 * Cuts the dirty parts of a content anew: from the start of the chunk in which a change begins until a cut point meets an
 * old one again, so that what did not change keeps its chunks.
 *
 * <p>Holes are never stored: a cut is made before and after each. So it is with old chunks that are damaged: they stay where they
 * are, so that what was written beside them can be stored. Not thread-safe; used again and again, as its buffer is large.
 */
final class Recutter {
    /** Takes what was cut. */
    interface Sink {
        /** One chunk; chunks come in offset order. May block while too much is under way. */
        void chunk(CutChunk chunk) throws FsException;

        /** A range whose chunks were all given: its old extents are replaced. Ranges come in order and do not overlap. */
        void replaced(long from, long to);
    }

    private final Chunker chunker;
    private final PieceReader reader;
    private final byte[] buffer;

    Recutter(Chunker chunker, PieceReader reader) {
        this.chunker = chunker;
        this.reader = reader;
        this.buffer = new byte[2 * chunker.sizes().max()];
    }

    /**
     * Cuts the runs of journaled bytes that begin before {@code limit}.
     *
     * @param pieces of a part of the content, without gap; where the part begins and ends, a cut is made if need be
     * @param limit from here on, what is journaled is left for another time
     * @return where it ended: everything journaled before it was cut; at least {@code limit} unless the pieces end before
     */
    long run(List<Piece> pieces, long limit, Sink sink) throws FsException {
        long done = pieces.isEmpty() ? limit : pieces.get(0).offset();
        for (int i = 0; i < pieces.size() && Math.max(done, pieces.get(i).offset()) < limit; i++) {
            Piece piece = pieces.get(i);
            if (piece instanceof Piece.Journaled && piece.end() > done) {
                int first = i > 0 && pieces.get(i - 1) instanceof Piece.Stored before && before.offset() >= done
                        ? i - 1
                        : i;
                done = cutFrom(pieces, first, Math.max(done, pieces.get(first).offset()), limit, sink);
                if (done <= piece.offset()) { // the chunk in which the change begins cannot be read
                    done = cutFrom(pieces, i, Math.max(done, piece.offset()), limit, sink);
                }
            }
        }
        return Math.max(done, limit);
    }

    /** Cuts from {@code start}, which lies in piece {@code index}, until clean old chunks follow; returns where it ended. */
    private long cutFrom(List<Piece> pieces, int index, long start, long limit, Sink sink) throws FsException {
        Window window = new Window(pieces, index, start);
        while (true) {
            window.fill();
            if (window.isEmpty()) {
                break;
            }
            int length = chunker.cut(buffer, window.position, window.available());
            byte[] bytes = new byte[length];
            System.arraycopy(buffer, window.position, bytes, 0, length);
            sink.chunk(new CutChunk(window.offset, bytes));
            window.advance(length);
            if (mayEndAt(pieces, window.offset, limit)) {
                break;
            }
        }
        if (window.offset > start) {
            sink.replaced(start, window.offset);
        }
        return window.offset;
    }

    /**
     * Whether an old chunk begins at {@code offset}, so that what follows up to the next change may stay as it is; or what
     * follows is left for another time.
     */
    private static boolean mayEndAt(List<Piece> pieces, long offset, long limit) {
        int index = indexOf(pieces, offset);
        if (index == pieces.size()) {
            return true;
        }
        Piece next = pieces.get(index);
        return next instanceof Piece.Stored stored && stored.offset() == offset && stored.chunkLeads()
                || next instanceof Piece.Journaled && offset >= limit;
    }

    /** The piece that holds {@code offset}, or the number of pieces. */
    private static int indexOf(List<Piece> pieces, long offset) {
        int low = 0;
        int high = pieces.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (pieces.get(middle).end() <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** What is in the buffer of a run of bytes that ends at a hole or at the end of the pieces. */
    private final class Window {
        private final List<Piece> run = new ArrayList<>();
        private int next;
        private long skip;
        private int position;
        private int limit;
        private long offset;

        Window(List<Piece> pieces, int index, long start) {
            for (int i = index; i < pieces.size() && !(pieces.get(i) instanceof Piece.Zeros); i++) {
                run.add(pieces.get(i));
            }
            skip = start - pieces.get(index).offset();
            offset = start;
        }

        int available() {
            return limit - position;
        }

        boolean isEmpty() {
            return limit == position;
        }

        void advance(int length) {
            position += length;
            offset += length;
        }

        /** Ensures that a chunk of the maximal size is there, or all that is left of the run. */
        void fill() throws FsException {
            if (available() >= chunker.sizes().max()) {
                return;
            }
            System.arraycopy(buffer, position, buffer, 0, available());
            limit -= position;
            position = 0;
            while (next < run.size() && limit < buffer.length) {
                Piece piece = run.get(next);
                int length = (int) Math.min(piece.length() - skip, buffer.length - limit);
                ByteBuffer bytes = read(piece, length);
                if (bytes == null) {
                    next = run.size();
                    return;
                }
                int got = bytes.remaining();
                bytes.get(buffer, limit, got);
                limit += got;
                skip += got;
                if (skip == piece.length()) {
                    next++;
                    skip = 0;
                }
            }
        }

        /** Some bytes of a piece; null if they are of a chunk that is damaged. */
        private ByteBuffer read(Piece piece, int length) throws FsException {
            try {
                return reader.read(piece, skip, length);
            } catch (FsException e) {
                if (e.errno() == Errno.EIO && piece instanceof Piece.Stored) {
                    return null;
                }
                throw e;
            }
        }
    }
}
