package org.cairnfs.server.nfs.v3.call;

import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.server.nfs.export.ExportAccess;

/**
 * A file that the caller of a procedure may get at, and how.
 *
 * @param access what the exports give the caller there
 */
public record Place(FileHandle handle, ExportAccess access) {
    /** The same access, to a file that was reached from there. */
    public Place at(FileHandle other) {
        return new Place(other, access);
    }
}
