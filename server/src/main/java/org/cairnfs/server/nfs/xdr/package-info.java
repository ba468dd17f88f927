/**
 * XDR (RFC 4506) with bounds: a reader that never allocates more than what has arrived, and a writer that
 * never grows past its limit and takes bulk data by reference.
 */
package org.cairnfs.server.nfs.xdr;
