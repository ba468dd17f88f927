package org.cairnfs.core.fs;

/**
 * Bytes that were read, and the attributes of their file.
 *
 * @param before as they were before the bytes were looked at: a cache that keeps the bytes under them keeps none that are older
 */
public record ReadWithAttributes(Attributes before, ReadResult read) {}
