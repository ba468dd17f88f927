/**
 * Shipping: the journal's metadata goes to the bucket at barriers, and comes back from there when the state directory is lost.
 *
 * <p>A <i>barrier</i> is a journal sequence S and what makes the file system whole at S in the bucket: all records up to S
 * without the bytes of writes, and an <i>overlay</i>: for whatever was dirty at S, the chunks that hold it, or, if it is
 * little, the bytes themselves. {@link org.cairnfs.core.shipping.Shipper} makes barriers; {@link
 * org.cairnfs.core.shipping.ShippedLog} finds them again; {@link org.cairnfs.core.shipping.OverlayRestore} lays the overlay of
 * the last one over the replayed rows.
 */
package org.cairnfs.core.shipping;
