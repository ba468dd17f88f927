/**
 * Everything that NFSv4.0 and 4.1 clients hold: client ids, sessions with their reply caches, open and lock owners,
 * stateids, leases, grace and the stable records that carry clients over a restart. Without wire codecs: {@code nfs.v4}
 * decodes, calls {@link org.cairnfs.server.nfs.state.NfsState}, encodes.
 *
 * <p><b>Errors</b> are {@link org.cairnfs.server.nfs.v4.NfsException}s with the nfsstat4 to answer; each method names its
 * own. Whatever goes through a limit ends with RESOURCE in 4.0 and DELAY in 4.1 (which has no RESOURCE).
 *
 * <p><b>Locking.</b> In the order in which they may be taken:
 * <ol>
 *   <li>the <i>registration</i> lock: clients come and go; the only one that is held while a client record is synced,
 *       and never taken by SEQUENCE, READ, WRITE;
 *   <li>the <i>state</i> lock: owners, stateids, opens and locks of all clients; memory only;
 *   <li>the <i>slot</i> lock of each session, the <i>lease</i> lock of each client;
 *   <li>the leaves: {@code core.lock}'s tables, the budget of reply caches.
 * </ol>
 * None is held across a call into {@code core.fs} or a callback: pins are taken before, and given back after.
 */
package org.cairnfs.server.nfs.state;
