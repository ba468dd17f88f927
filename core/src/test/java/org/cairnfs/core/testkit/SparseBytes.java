package org.cairnfs.core.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.cairnfs.core.fs.SparseRead;

/**
 * A sparse array of bytes that knows of each byte whether it was written (data) or not (a hole, which reads as zero). Offsets
 * are 0 to {@code Long.MAX_VALUE - 1}. Not safe for several threads.
 */
public final class SparseBytes {
    private static final int PAGE = 4096;

    private final NavigableMap<Long, Page> pages = new TreeMap<>();
    private long used;

    /** Writes what is between position and limit. */
    public void write(long offset, ByteBuffer data) {
        ByteBuffer in = data.duplicate();
        long at = offset;
        while (in.hasRemaining()) {
            Page page = pages.computeIfAbsent(at / PAGE, number -> new Page());
            int start = (int) (at % PAGE);
            int count = Math.min(in.remaining(), PAGE - start);
            used -= page.data.cardinality();
            in.get(page.bytes, start, count);
            page.data.set(start, start + count);
            used += page.data.cardinality();
            at += count;
        }
    }

    /** Makes {@code [from, to)} a hole. */
    public void punch(long from, long to) {
        if (from >= to) {
            return;
        }
        var touched = pages.subMap(from / PAGE, true, (to - 1) / PAGE, true).entrySet();
        for (var entries = touched.iterator(); entries.hasNext(); ) {
            Map.Entry<Long, Page> entry = entries.next();
            long base = entry.getKey() * PAGE;
            Page page = entry.getValue();
            int start = (int) Math.max(0, from - base);
            int end = (int) Math.min(PAGE, to - base);
            used -= page.data.cardinality();
            Arrays.fill(page.bytes, start, end, (byte) 0);
            page.data.clear(start, end);
            used += page.data.cardinality();
            if (page.data.isEmpty()) {
                entries.remove();
            }
        }
    }

    public byte[] read(long offset, int length) {
        byte[] result = new byte[length];
        int done = 0;
        while (done < length) {
            long at = offset + done;
            int start = (int) (at % PAGE);
            int count = Math.min(length - done, PAGE - start);
            Page page = pages.get(at / PAGE);
            if (page != null) {
                System.arraycopy(page.bytes, start, result, done, count);
            }
            done += count;
        }
        return result;
    }

    /** Makes a range the same as one of {@code source}, which may be this; then they do not overlap. */
    public void cloneRange(SparseBytes source, long sourceOffset, long offset, long length) {
        NavigableMap<Long, byte[]> data = new TreeMap<>();
        long end = sourceOffset + length;
        long at = source.nextData(sourceOffset).orElse(end);
        while (at < end) {
            long stop = Math.min(end, source.nextHole(at));
            data.put(at, source.read(at, (int) (stop - at)));
            at = source.nextData(stop).orElse(end);
        }
        punch(offset, offset + length);
        data.forEach((from, bytes) -> write(from - sourceOffset + offset, ByteBuffer.wrap(bytes)));
    }

    /** What {@code length} bytes from {@code offset} on consist of. */
    public List<SparseRead.Segment> segments(long offset, int length) {
        List<SparseRead.Segment> segments = new ArrayList<>();
        long end = offset + length;
        long at = offset;
        while (at < end) {
            long data = nextData(at).orElse(end);
            long stop = Math.min(end, data > at ? data : nextHole(at));
            int count = (int) (stop - at);
            segments.add(new SparseRead.Segment(
                    at,
                    count,
                    data > at
                            ? List.of()
                            : List.of(ByteBuffer.wrap(read(at, count)).asReadOnlyBuffer())));
            at = stop;
        }
        return segments;
    }

    /** The first written byte at or after {@code offset}. */
    public OptionalLong nextData(long offset) {
        for (var entry : pages.tailMap(offset / PAGE, true).entrySet()) {
            long base = entry.getKey() * PAGE;
            int bit = entry.getValue().data.nextSetBit((int) Math.max(0, offset - base));
            if (bit >= 0) {
                return OptionalLong.of(base + bit);
            }
        }
        return OptionalLong.empty();
    }

    /** The first byte at or after {@code offset} that was not written. */
    public long nextHole(long offset) {
        long at = offset;
        while (true) {
            Page page = pages.get(at / PAGE);
            if (page == null) {
                return at;
            }
            int bit = page.data.nextClearBit((int) (at % PAGE));
            at = at - at % PAGE + bit;
            if (bit < PAGE || at < 0) {
                return at < 0 ? Long.MAX_VALUE : at;
            }
        }
    }

    /** How many bytes were written and not punched. */
    public long used() {
        return used;
    }

    private static final class Page {
        private final byte[] bytes = new byte[PAGE];
        private final BitSet data = new BitSet(PAGE);
    }
}
