package org.cairnfs.core.data;

import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.InodeRow;

/**
 * The files as of the end of an epoch that a snapshot shows.
 *
 * <p>They do not change any more, but that what is dirty of them moves into extents: so the dirty ranges are looked at before the extents,
 * and no lock is needed. Thread-safe.
 */
final class SnapshotFiles implements FilePlace {
    private final MetadataView view;
    private final Journal journal;
    private final DirtyMap dirty;

    SnapshotFiles(MetadataView view, Journal journal, DirtyMap dirty) {
        this.view = view;
        this.journal = journal;
        this.dirty = dirty;
    }

    @Override
    public FileMoment moment(long inode, long offset, long length) throws FsException {
        InodeRow row = view.inode(inode)
                .orElseThrow(() -> new FsException(Errno.ESTALE, "inode " + inode + " is not in the snapshot"));
        long end = FileMoment.end(row, offset, length);
        if (offset >= end || dirty.content(row.content()).isEmpty()) {
            return FileMoment.clean(row, end);
        }
        Journal.Pin pin = journal.pin();
        FileMoment moment = new FileMoment(row, end, dirty.within(row.content(), offset, end, view.epoch()), pin);
        return moment.ranges().isEmpty() ? moment.unpinned() : moment;
    }

    @Override
    public MetadataView view() {
        return view;
    }

    /** Nothing is cloned into the past. */
    @Override
    public long clonesInto(long inode) {
        return 0;
    }
}
