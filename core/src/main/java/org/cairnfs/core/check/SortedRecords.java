package org.cairnfs.core.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.cairnfs.core.metadata.RowCursor;

/**
 * Sorts any number of records of a few numbers each in little memory: what does not fit goes to a temporary file, in sorted runs, which are
 * merged when they are read. The order is that of the first numbers, then of the second, and so on.
 *
 * <p>First {@link #add}, then {@link #sorted}, once. Used by one thread; a file that cannot be written is an {@link UncheckedIOException}.
 */
final class SortedRecords implements AutoCloseable {
    /** Numbers in memory while records come. */
    private static final int BUFFER = 1 << 18;

    /** Records for which there is room at first. */
    private static final int FIRST = 64;

    /** Bytes that are read of a run at a time. */
    private static final int READ_BYTES = 32 << 10;

    /** Runs that are merged at a time. */
    private static final int WAYS = 128;

    private final Path directory;
    private final int width;
    private final int capacity;
    private long[] buffer;
    private int count;
    private List<Run> runs = new ArrayList<>();
    private Optional<FileChannel> file = Optional.empty();

    /**
     * Of records of a width.
     *
     * @param directory for the file, which has no name there once it is open
     * @param width numbers in a record
     */
    SortedRecords(Path directory, int width) {
        this(directory, width, BUFFER);
    }

    /** The same, with another size of the buffer; for tests. */
    SortedRecords(Path directory, int width, int buffer) {
        this.directory = directory;
        this.width = width;
        this.capacity = Math.max(1, buffer / width);
        this.buffer = new long[Math.min(capacity, FIRST) * width];
    }

    /** Sorted records in the file. */
    private record Run(long position, long bytes) {}

    void add(long... record) {
        if (record.length != width) {
            throw new IllegalArgumentException(record.length + " numbers in a record of " + width);
        }
        if (count == capacity) {
            try {
                spill();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        if (count * width == buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.min(2 * buffer.length, capacity * width));
        }
        System.arraycopy(record, 0, buffer, count * width, width);
        count++;
    }

    /** All records, in order. */
    RowCursor<long[]> sorted() {
        try {
            if (file.isEmpty()) {
                sort();
                return inMemory();
            }
            spill();
            buffer = new long[0];
            while (runs.size() > WAYS) {
                List<Run> merged = new ArrayList<>(runs.subList(WAYS, runs.size()));
                merged.add(mergedToFile(runs.subList(0, WAYS)));
                runs = merged;
            }
            return merged(runs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RowCursor<long[]> inMemory() {
        int[] at = {0};
        return new RowCursor<>(after -> {
            if (at[0] == count) {
                return List.of();
            }
            int from = at[0]++ * width;
            return List.of(Arrays.copyOfRange(buffer, from, from + width));
        });
    }

    /** Bottom-up merge sort of whole records. */
    private void sort() {
        long[] from = buffer;
        long[] to = new long[buffer.length];
        for (int length = 1; length < count; length *= 2) {
            for (int start = 0; start < count; start += 2 * length) {
                merge(from, to, start, Math.min(start + length, count), Math.min(start + 2 * length, count));
            }
            long[] swap = from;
            from = to;
            to = swap;
        }
        buffer = from;
    }

    private void merge(long[] from, long[] to, int start, int middle, int end) {
        int left = start;
        int right = middle;
        for (int at = start; at < end; at++) {
            boolean takeLeft = left < middle && (right == end || compare(from, left * width, from, right * width) <= 0);
            int next = takeLeft ? left++ : right++;
            System.arraycopy(from, next * width, to, at * width, width);
        }
    }

    private int compare(long[] a, int aFrom, long[] b, int bFrom) {
        return Arrays.compare(a, aFrom, aFrom + width, b, bFrom, bFrom + width);
    }

    private void spill() throws IOException {
        sort();
        FileChannel out = file();
        ByteBuffer bytes = ByteBuffer.allocate(count * width * Long.BYTES);
        bytes.asLongBuffer().put(buffer, 0, count * width);
        long position = out.size();
        write(out, bytes, position);
        runs.add(new Run(position, out.size() - position));
        count = 0;
    }

    private FileChannel file() throws IOException {
        if (file.isEmpty()) {
            Path path = Files.createTempFile(directory, "check", ".tmp");
            file = Optional.of(FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE));
        }
        return file.get();
    }

    private static void write(FileChannel out, ByteBuffer bytes, long from) throws IOException {
        long position = from;
        while (bytes.hasRemaining()) {
            position += out.write(bytes, position);
        }
    }

    private Run mergedToFile(List<Run> some) throws IOException {
        FileChannel out = file();
        long begin = out.size();
        RowCursor<long[]> records = merged(some);
        ByteBuffer bytes = ByteBuffer.allocate(READ_BYTES / (width * Long.BYTES) * width * Long.BYTES);
        while (records.hasNext()) {
            for (long number : records.next()) {
                bytes.putLong(number);
            }
            if (!bytes.hasRemaining() || !records.hasNext()) {
                write(out, bytes.flip(), out.size());
                bytes.clear();
            }
        }
        return new Run(begin, out.size() - begin);
    }

    private RowCursor<long[]> merged(List<Run> some) {
        PriorityQueue<Reader> readers = new PriorityQueue<>((a, b) -> compare(a.record, 0, b.record, 0));
        for (Run run : some) {
            Reader reader = new Reader(run);
            if (reader.advance()) {
                readers.add(reader);
            }
        }
        return new RowCursor<>(after -> {
            Reader first = readers.poll();
            if (first == null) {
                return List.of();
            }
            long[] record = first.record;
            if (first.advance()) {
                readers.add(first);
            }
            return List.of(record);
        });
    }

    /** Reads one run from its beginning. */
    private final class Reader {
        private final long end;
        private long position;
        private LongBuffer page = LongBuffer.allocate(0);
        private long[] record;

        Reader(Run run) {
            position = run.position();
            end = run.position() + run.bytes();
        }

        boolean advance() {
            if (!page.hasRemaining() && !read()) {
                return false;
            }
            record = new long[width];
            page.get(record);
            return true;
        }

        private boolean read() {
            int whole = READ_BYTES / (width * Long.BYTES) * width * Long.BYTES;
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(whole, end - position));
            try {
                while (bytes.hasRemaining()) {
                    int got = file().read(bytes, position);
                    if (got < 0) {
                        throw new IOException("the temporary file of a check ends early");
                    }
                    position += got;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            page = bytes.flip().asLongBuffer();
            return page.hasRemaining();
        }
    }

    @Override
    public void close() {
        buffer = new long[0];
        try {
            if (file.isPresent()) {
                file.get().close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
