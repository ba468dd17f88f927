/**
 * The Network Lock Manager, version 4 (RFC 1813 appendix II; X/Open XNFS C702 chapter 10): byte-range locks and shares of NFSv3
 * clients, in the same tables of {@code core.lock} as those of NFSv4.
 *
 * <p><b>Locking.</b> {@link org.cairnfs.server.nfs.v3.nlm.NlmLocks} has one lock, for memory only; the tables of
 * {@code core.lock} and the lease of an NFSv4 client may be taken while it is held, stable storage and the network never are.
 */
package org.cairnfs.server.nfs.v3.nlm;
