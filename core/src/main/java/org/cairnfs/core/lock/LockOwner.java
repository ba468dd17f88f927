package org.cairnfs.core.lock;

import org.cairnfs.core.fs.Bytes;

/**
 * Who a lock belongs to: locks of one owner never conflict with each other.
 *
 * @param client through whom it was taken
 * @param owner opaque name of the owner, unique within {@code client}
 */
public record LockOwner(LockClient client, Bytes owner) {}
