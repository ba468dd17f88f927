/** The local mount: translates jnr-fuse calls to {@code org.cairnfs.core.fs.FileSystem}, nothing else. */
package org.cairnfs.fuse;
