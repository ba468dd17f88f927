package org.cairnfs.core.fs;

/**
 * What statfs(2) tells. The store has no size of its own: total and free are what is configured, or large.
 *
 * @param totalBytes capacity
 * @param freeBytes left
 * @param totalInodes capacity
 * @param freeInodes left
 */
public record FsStatistics(long totalBytes, long freeBytes, long totalInodes, long freeInodes) {}
