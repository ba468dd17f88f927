package org.cairnfs.fuse.lowlevel;

/**
 * How a session serves the kernel.
 *
 * @param attributeTimeout seconds for which the kernel may believe attributes without asking
 * @param entryTimeout seconds for which the kernel may believe that a name leads where it did
 * @param threads that take requests
 */
public record SessionSettings(double attributeTimeout, double entryTimeout, int threads) {}
