package org.cairnfs.core.fs;

/** Variants of rename, as in renameat2(2). */
public enum RenameFlag {
    /** Replaces what is at the target, by the rules of POSIX. */
    REPLACE,
    /** EEXIST if the target exists. */
    NO_REPLACE,
    /** Both names must exist and swap their inodes. */
    EXCHANGE
}
