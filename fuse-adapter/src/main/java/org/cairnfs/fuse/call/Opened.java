package org.cairnfs.fuse.call;

/**
 * That a file or directory is open.
 *
 * @param number of the open file, for later calls
 * @param keepPages whether what the kernel has of its contents is still so
 */
public record Opened(long number, boolean keepPages) {}
