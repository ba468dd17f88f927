/**
 * The local mount: calls of the kernel, by jnr-fuse and libfuse 2, translated to {@code org.cairnfs.core.fs.FileSystem}, and nothing else.
 */
package org.cairnfs.fuse;
