/**
 * The calls of a mount, translated: inode numbers of the kernel and open files on one side, {@link org.cairnfs.core.fs.FileSystem} and
 * {@link org.cairnfs.core.lock} on the other. Plain Java, with no kernel: what it takes and gives are numbers, bytes and records.
 *
 * <p>No rule of file-system behaviour is here. What is: which inode the kernel means, who asks, what is open, and patience where the
 * file system says "later".
 */
package org.cairnfs.fuse.call;
