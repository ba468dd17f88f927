/**
 * NFSv4.0, 4.1 and 4.2 on the wire: codecs, COMPOUND, and the translation of each operation to
 * {@link org.cairnfs.core.fs.FileSystem}. What a client holds (leases, opens, locks, sessions) is in
 * {@code org.cairnfs.server.nfs.state}.
 */
package org.cairnfs.server.nfs.v4;
