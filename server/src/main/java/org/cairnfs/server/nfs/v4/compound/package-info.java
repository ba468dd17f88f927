/**
 * COMPOUND (RFC 7530 section 15.2, RFC 8881 section 16.2): decodes the operations of a call one by one, carries each out
 * with the current and the saved file handle, and makes the one reply.
 */
package org.cairnfs.server.nfs.v4.compound;
