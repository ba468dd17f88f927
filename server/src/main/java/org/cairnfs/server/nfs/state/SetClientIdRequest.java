package org.cairnfs.server.nfs.state;

import org.cairnfs.core.fs.Bytes;

/**
 * SETCLIENTID of 4.0 (RFC 7530 section 16.33).
 *
 * @param principal who asks
 * @param verifier the client's boot verifier, as 8 bytes big-endian
 * @param owner id string of the client, 1 to 1,024 bytes
 * @param callback where it wants callbacks
 */
public record SetClientIdRequest(Principal principal, long verifier, Bytes owner, Callback40 callback) {}
