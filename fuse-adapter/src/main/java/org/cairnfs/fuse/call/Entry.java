package org.cairnfs.fuse.call;

import org.cairnfs.core.fs.Attributes;

/**
 * What a name leads to.
 *
 * @param inode by which the kernel is to name it
 */
public record Entry(long inode, Attributes attributes) {}
