/**
 * Named attributes (RFC 7530 section 5.3, RFC 8881 section 5.3): the {@code user.} attributes of an inode shown as the files of a
 * directory beside it.
 */
package org.cairnfs.server.nfs.v4.named;
