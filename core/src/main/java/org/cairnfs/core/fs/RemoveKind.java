package org.cairnfs.core.fs;

/** What a removal may hit. */
public enum RemoveKind {
    /** Whatever it is (NFSv4 REMOVE); a directory must be empty. */
    ANY,
    /** unlink(2): EISDIR for a directory. */
    NON_DIRECTORY,
    /** rmdir(2): ENOTDIR for anything else. */
    DIRECTORY
}
