/**
 * What clients hold on files: byte-range locks, share reservations, leases. Shared by all adapters (NFSv4, NLM, FUSE), so
 * that a lock of one is seen by the others. All in memory: adapters have their own ways to reclaim after a restart.
 *
 * <p><b>Locking.</b> {@link org.cairnfs.core.lock.RangeLocks} and {@link org.cairnfs.core.lock.ShareTable} have one lock
 * each, {@link org.cairnfs.core.lock.LeaseTable} one per stripe. They are leaves: nothing is called while one is held, so callers may hold locks of their own.
 */
package org.cairnfs.core.lock;
