package org.cairnfs.core.data.read;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Notices who reads a file from one end to the other, and says what to fetch ahead of the reader.
 *
 * <p>A client's requests of one sequential reading come in any order, so a reading is followed by the highest offset that it came to,
 * and takes what is a little behind or before that for its own; who leaves out more than half is none. What is fetched ahead grows with the way that the reading has gone, up
 * to a bound, and is fetched in large parts: the next one when the reader has come half-way through the last.
 *
 * <p>Thread-safe. The streams of one file are guarded by their list's monitor, a leaf.
 */
final class SequentialReaders {
    /** Files that are followed; who reads more of them at once reads them without. */
    private static final int FILES = 1_000;

    /** Readings of one file that are followed. */
    private static final int STREAMS = 4;

    private static final long FIRST_WINDOW = 1 << 20;

    /** How far from the highest offset a request may be, in bytes. */
    private static final long SLACK = 8 << 20;

    private final Cache<Long, Streams> files =
            Caffeine.newBuilder().maximumSize(FILES).build();

    /** A range of a file. */
    record Range(long from, long to) {}

    /**
     * Somebody reads.
     *
     * @param size of the file
     * @param maxWindow how many bytes are fetched ahead of one reader at most; 0 for none
     * @return what to fetch now
     */
    Optional<Range> read(long inode, long from, long to, long size, long maxWindow) {
        if (maxWindow == 0 || to >= size && from == 0) {
            return Optional.empty();
        }
        return files.get(inode, key -> new Streams()).read(from, to, size, maxWindow);
    }

    /** The readings of one file, the one that was heard of last in front. */
    private static final class Streams {
        @GuardedBy("this")
        private final Deque<Stream> streams = new ArrayDeque<>();

        synchronized Optional<Range> read(long from, long to, long size, long maxWindow) {
            for (Stream stream : streams) {
                if (stream.isNear(from)) {
                    streams.remove(stream);
                    streams.addFirst(stream);
                    return stream.read(from, to, size, maxWindow);
                }
            }
            if (streams.size() == STREAMS) {
                streams.removeLast();
            }
            streams.addFirst(new Stream(from, to));
            return Optional.empty();
        }
    }

    /** One reading. */
    private static final class Stream {
        private final long begin;
        private long bytes;
        private long read;
        private long fetched;
        private long window = FIRST_WINDOW;

        Stream(long from, long to) {
            begin = from;
            bytes = to - from;
            read = to;
            fetched = to;
        }

        boolean isNear(long from) {
            return from >= Math.max(begin, read - SLACK) && from <= read + SLACK;
        }

        Optional<Range> read(long from, long to, long size, long maxWindow) {
            bytes += to - from;
            read = Math.max(read, to);
            fetched = Math.max(fetched, read);
            boolean skips = bytes < (read - begin) / 2;
            if (skips || fetched - read > window / 2 || fetched >= size) {
                return Optional.empty();
            }
            window = Math.min(maxWindow, Math.min(2 * window, Math.max(FIRST_WINDOW, bytes)));
            Range range = new Range(fetched, Math.min(size, read + window));
            fetched = Math.max(fetched, range.to());
            return range.from() < range.to() ? Optional.of(range) : Optional.empty();
        }
    }
}
