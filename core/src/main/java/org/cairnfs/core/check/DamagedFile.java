package org.cairnfs.core.check;

/**
 * A file of which a part cannot be read.
 *
 * @param snapshot the name of the newest snapshot that has it so; empty for the present
 * @param path in the file system; one of several, if the file has several names; empty if it has none any more
 * @param offset of the first such part, bytes
 */
public record DamagedFile(String snapshot, String path, long offset) {}
