package org.cairnfs.server.nfs.v3.call;

import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.server.nfs.export.Entrance;
import org.cairnfs.server.nfs.export.ExportAccess;

/**
 * A file that the caller of a procedure may get at, and how.
 *
 * @param entrance what the exports say to the caller there, whom they let in
 */
public record Place(FileHandle handle, Entrance entrance) {
    /** What the exports give the caller there. */
    public ExportAccess access() {
        return entrance.access().orElseThrow();
    }

    /** The same access, to a file that was made there. */
    public Place at(FileHandle other) {
        return new Place(other, entrance);
    }

    /** What the client gets as the file's handle. */
    public byte[] wire() {
        return entrance.wire(handle);
    }
}
