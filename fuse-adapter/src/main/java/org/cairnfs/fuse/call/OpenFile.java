package org.cairnfs.fuse.call;

import org.cairnfs.core.fs.Credentials;

/**
 * A file or directory that a process has open.
 *
 * @param number by which the kernel names it
 * @param writable whether it was opened for writing
 * @param opener who opened it: whoever writes through it later does so with these rights, as write(2) says
 */
record OpenFile(long number, KnownInode inode, boolean writable, Credentials opener) {}
