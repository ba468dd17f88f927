package org.cairnfs.server.nfs.state;

import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.server.nfs.v4.NfsStatus;

/**
 * The kept reply of the last operation of a 4.0 owner.
 *
 * @param status how it ended
 * @param result what follows the status on the wire, at most {@value #MAX_BYTES} bytes
 * @param current the current file handle after it (an OPEN's file), if it set one
 */
public record OwnerReply(NfsStatus status, Bytes result, Optional<FileHandle> current) {
    /** More than LOCK's denied with the longest owner, and OPEN's with its attributes, need. */
    public static final int MAX_BYTES = 4096;

    public OwnerReply {
        if (result.length() > MAX_BYTES) {
            throw new IllegalArgumentException("a reply of " + result.length() + " bytes cannot be kept");
        }
    }
}
