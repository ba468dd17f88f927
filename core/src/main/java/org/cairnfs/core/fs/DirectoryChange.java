package org.cairnfs.core.fs;

/**
 * The {@code change} attribute of a directory before and after one operation, taken atomically with it (NFSv4
 * change_info4, RFC 8881 section 3.3.3).
 */
public record DirectoryChange(long before, long after) {}
