package org.cairnfs.core.fs;

/**
 * Which bytes are to appear where: see {@link FileSystem#cloneRange}.
 *
 * @param source the file they are of
 * @param target the file they appear in, which may be the same one
 * @param length bytes; 0 for all from {@code sourceOffset} to the end of the source
 * @param sourceOpen whether the caller holds the source open for reading, so that its mode is not asked again
 * @param targetOpen whether the caller holds the target open for writing
 */
public record CloneRequest(
        FileHandle source,
        long sourceOffset,
        FileHandle target,
        long targetOffset,
        long length,
        boolean sourceOpen,
        boolean targetOpen) {
    /** A part of it: {@code partLength} bytes from the one that is {@code skip} bytes behind its first. */
    public CloneRequest part(long skip, long partLength) {
        return new CloneRequest(
                source, sourceOffset + skip, target, targetOffset + skip, partLength, sourceOpen, targetOpen);
    }

    /** For a caller that holds neither open. */
    public static CloneRequest of(
            FileHandle source, long sourceOffset, FileHandle target, long targetOffset, long length) {
        return new CloneRequest(source, sourceOffset, target, targetOffset, length, false, false);
    }
}
