package org.cairnfs.core.data;

import java.util.concurrent.atomic.AtomicLongArray;
import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.MetadataView;

/**
 * The files as they are.
 *
 * <p>Row and dirty ranges are looked at under the inode's lock, extents after that. A flush that ends in between puts bytes into extents
 * that the dirty ranges have as well; a clone may change what no dirty range lies over, so clones are counted, and whoever finds that there
 * was one begins again. Thread-safe.
 */
final class PresentFiles implements FilePlace {
    private final MetadataStore metadata;
    private final Journal journal;
    private final DirtyMap dirty;

    /** By the inode's last bits: who looks at a large file for long does not begin again for each clone into another. */
    private final AtomicLongArray clones = new AtomicLongArray(1_024);

    PresentFiles(MetadataStore metadata, Journal journal, DirtyMap dirty) {
        this.metadata = metadata;
        this.journal = journal;
        this.dirty = dirty;
    }

    /** To be told under the inode's lock, before the extents of a clone are seen. */
    void isClonedInto(long inode) {
        clones.incrementAndGet(stripe(inode));
    }

    @Override
    public long clonesInto(long inode) {
        return clones.get(stripe(inode));
    }

    private int stripe(long inode) {
        return (int) (inode % clones.length());
    }

    @Override
    public MetadataView view() {
        return metadata.view();
    }

    /** The pin is taken before the dirty ranges are looked at: what a flush that ends meanwhile lets go stays readable. */
    @Override
    public FileMoment moment(long inode, long offset, long length) throws FsException {
        FileMoment moment = metadata.locked(inode, (row, appender) -> {
            long end = FileMoment.end(row, offset, length);
            if (offset >= end || dirty.content(row.content()).isEmpty()) {
                return FileMoment.clean(row, end);
            }
            Journal.Pin pin = journal.pin();
            return new FileMoment(row, end, dirty.within(row.content(), offset, end), pin);
        });
        return moment.ranges().isEmpty() ? moment.unpinned() : moment;
    }
}
