package org.cairnfs.core.data;

import org.cairnfs.core.data.dirty.DirtyMap;
import org.cairnfs.core.data.dirty.DirtyRange;
import org.cairnfs.core.journal.Journal.PayloadRef;
import org.cairnfs.core.record.ContentOp;

/** Fills the dirty map again from the journal's content operations, in their order, when a file system is opened. */
public final class DirtyReplay {
    private final DirtyMap dirty;

    public DirtyReplay(DirtyMap dirty) {
        this.dirty = dirty;
    }

    /** Takes one operation of the record with this sequence, which was journaled in this epoch. */
    public void content(long sequence, long epoch, ContentOp operation, PayloadRef payload) {
        if (operation instanceof ContentOp.Write write) {
            dirty.put(write.inode(), write.content(), epoch, DirtyRange.data(write.offset(), sequence, payload));
        } else if (operation instanceof ContentOp.Hole hole) {
            dirty.put(hole.inode(), hole.content(), epoch, DirtyRange.hole(hole.offset(), hole.length(), sequence));
        } else if (operation instanceof ContentOp.Drop drop) {
            dirty.drop(drop.content(), drop.epoch());
        } else if (operation instanceof ContentOp.Flushed flushed) {
            dirty.forget(
                    flushed.content(),
                    flushed.offset(),
                    flushed.offset() + flushed.length(),
                    flushed.coveredSequence());
        } else if (operation instanceof ContentOp.CloneRange clone) {
            dirty.cloneRange(
                    clone.source(),
                    clone.sourceOffset(),
                    clone.inode(),
                    clone.target(),
                    clone.targetOffset(),
                    clone.length(),
                    epoch,
                    sequence);
        } else if (!(operation instanceof ContentOp.AsOf)) {
            throw new IllegalStateException("record " + sequence + " holds " + operation + ", of a newer Cairn");
        }
    }
}
