/**
 * The operations of NFSv4: each class decodes the arguments of one, carries it out, and encodes its result. The numbers of
 * sections in their comments are those of RFC 8881 unless another is named.
 */
package org.cairnfs.server.nfs.v4.op;
