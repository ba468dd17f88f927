/**
 * File attributes on the wire (fattr4, RFC 7530 section 5, RFC 8881 section 5): which there are in which minor
 * version, and their encoding from and to the attributes of core.
 */
package org.cairnfs.server.nfs.v4.attr;
