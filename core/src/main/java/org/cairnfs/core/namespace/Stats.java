package org.cairnfs.core.namespace;

import org.cairnfs.core.data.Contents;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.DeviceNumber;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.PriorAttributes;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.InodeRow;

/** From rows to what stat(2) tells. */
final class Stats {
    /** What a name in a directory counts for in the directory's size, in bytes: about what its row takes. */
    static final long BYTES_PER_ENTRY = 64;

    private final Handles handles;
    private final Contents contents;

    Stats(Handles handles, Contents contents) {
        this.handles = handles;
        this.contents = contents;
    }

    Attributes of(MetadataView view, InodeRow row) {
        return of(row, view.atime(row));
    }

    Node node(MetadataView view, InodeRow row) {
        return new Node(handles.of(row), of(view, row));
    }

    /** What {@link OpContext#prior()} tells of an inode. */
    static PriorAttributes prior(InodeRow row) {
        return new PriorAttributes(size(row), row.mtime(), row.ctime(), row.change());
    }

    private static long size(InodeRow row) {
        return row.isDirectory() ? row.entries() * BYTES_PER_ENTRY : row.size();
    }

    /** With an access time that the view does not have (yet). */
    Attributes of(InodeRow row, long atime) {
        boolean regular = row.type() == FileType.REGULAR;
        return new Attributes(
                Handles.fileId(handles.of(row)),
                row.generation(),
                row.type(),
                row.mode(),
                row.uid(),
                row.gid(),
                row.nlink(),
                size(row),
                regular ? row.used() + contents.dirtyBytes(row.content()) : 0,
                DeviceNumber.ofPacked(row.device()),
                atime,
                row.mtime(),
                row.ctime(),
                row.btime(),
                row.change());
    }
}
