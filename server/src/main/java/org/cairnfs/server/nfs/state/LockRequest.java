package org.cairnfs.server.nfs.state;

import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.core.lock.LockRange;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/**
 * The range of LOCK, LOCKT and LOCKU as it came.
 *
 * @param inode the file
 * @param mode READ for READ_LT and READW_LT, WRITE for the others; LOCKU does not look at it
 * @param offset unsigned
 * @param length unsigned; all ones to the end of the file
 * @param reclaim of LOCK only
 */
public record LockRequest(FileHandle inode, LockMode mode, long offset, long length, boolean reclaim) {
    /** The bytes that it is about; INVAL for an impossible range. */
    LockRange range() throws NfsException {
        return LockRange.of(offset, length).orElseThrow(() -> new NfsException(NfsStatus.INVAL, "an impossible range"));
    }
}
