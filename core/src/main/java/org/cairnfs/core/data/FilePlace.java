package org.cairnfs.core.data;

import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.MetadataView;

/** Where the files are that a {@link ContentReader} reads: the present, or a snapshot. Thread-safe. */
interface FilePlace {
    /**
     * Looks at a range of a file.
     *
     * @throws FsException ESTALE if there is no such inode
     */
    FileMoment moment(long inode, long offset, long length) throws FsException;

    /** Where its extents are; looked at after the moment. */
    MetadataView view();

    /**
     * How often the extents of a file (or of another one) were changed while no dirty range lay over them: if that is another number after
     * the extents were looked at, these may be of another moment.
     */
    long clonesInto(long inode);
}
