package org.cairnfs.core.data;

import java.util.List;
import org.cairnfs.core.data.dirty.DirtyRange;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.metadata.row.InodeRow;

/**
 * A range of a file at one moment: its row, and what is dirty in the range, kept readable until closed.
 *
 * @param end of the range, within the file's size
 */
record FileMoment(InodeRow row, long end, List<DirtyRange> ranges, Journal.Pin pin) implements AutoCloseable {
    private static final Journal.Pin UNPINNED = () -> {};

    /** Without anything dirty. */
    static FileMoment clean(InodeRow row, long end) {
        return new FileMoment(row, end, List.of(), UNPINNED);
    }

    /** The end of a range that may begin or reach beyond the size. */
    static long end(InodeRow row, long offset, long length) {
        return Math.min(row.size(), offset + Math.min(length, Long.MAX_VALUE - offset));
    }

    /** Outside of the inode's lock: who lets a segment go last deletes its file. */
    FileMoment unpinned() {
        pin.close();
        return clean(row, end);
    }

    @Override
    public void close() {
        pin.close();
    }
}
