package org.cairnfs.server.nfs.v4.attr;

import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.FsStatistics;
import org.cairnfs.server.nfs.export.Entrance;

/**
 * Whose attributes are encoded.
 *
 * @param entrance through which the client comes upon it: its handle is of that
 * @param statistics asked only when an attribute of the whole file system is wanted
 * @param hasNamedAttributes asked only when it is wanted
 */
public record Subject(
        FileHandle handle,
        Entrance entrance,
        Attributes attributes,
        Statistics statistics,
        HasNamedAttributes hasNamedAttributes) {
    /** The figures of the file system that the inode is in. */
    @FunctionalInterface
    public interface Statistics {
        FsStatistics get() throws FsException;
    }

    /** Whether OPENATTR leads to something. */
    @FunctionalInterface
    public interface HasNamedAttributes {
        boolean get() throws FsException;
    }
}
