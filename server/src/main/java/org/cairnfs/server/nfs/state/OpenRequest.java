package org.cairnfs.server.nfs.state;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileHandle;

/**
 * The part of OPEN that is state, once the file is known.
 *
 * @param owner open owner, at most 1,024 bytes
 * @param inode the file
 * @param access bits of {@link #READ} and {@link #WRITE}, at least one
 * @param deny bits of {@link #READ} and {@link #WRITE}
 * @param reclaim CLAIM_PREVIOUS
 * @param uid who opens, as credentials after squashing
 */
public record OpenRequest(Bytes owner, FileHandle inode, int access, int deny, boolean reclaim, int uid) {
    /** OPEN4_SHARE_ACCESS_READ, OPEN4_SHARE_DENY_READ. */
    public static final int READ = 1;

    /** OPEN4_SHARE_ACCESS_WRITE, OPEN4_SHARE_DENY_WRITE. */
    public static final int WRITE = 2;

    /** Whether it would break what holders of read delegations were promised: no writing, and that they may open for reading. */
    boolean disturbs() {
        return (access & WRITE) != 0 || (deny & READ) != 0;
    }
}
