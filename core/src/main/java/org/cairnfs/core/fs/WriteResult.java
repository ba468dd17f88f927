package org.cairnfs.core.fs;

/**
 * How a write went.
 *
 * @param count bytes taken, all of them unless an error is thrown
 * @param after attributes after it
 */
public record WriteResult(int count, Attributes after) {}
