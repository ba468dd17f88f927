package org.cairnfs.server.nfs.state;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileHandle;

/**
 * An OPEN that succeeded and would like a delegation with it.
 *
 * @param inode a regular file
 * @param handle the file as the client knows it, in its wire form
 * @param uid who opened it, as credentials after squashing
 * @param reclaim whether the client held it before the server restarted (CLAIM_PREVIOUS)
 */
public record DelegationRequest(FileHandle inode, Bytes handle, int uid, boolean reclaim) {}
