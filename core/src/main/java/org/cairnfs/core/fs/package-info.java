/**
 * The API that every adapter (NFS, FUSE) calls: {@link org.cairnfs.core.fs.FileSystem} and the values that go through
 * it. Knows neither the database nor the journal nor any protocol.
 */
package org.cairnfs.core.fs;
