/**
 * The MOUNT protocol, version 3 (RFC 1813 appendix I): from the path of an export to the handle that NFSv3 begins with. On the
 * same port as NFS, with the same handles, by the same exports.
 */
package org.cairnfs.server.nfs.v3.mount;
