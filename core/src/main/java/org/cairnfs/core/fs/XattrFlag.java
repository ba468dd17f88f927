package org.cairnfs.core.fs;

/** Variants of setting an extended attribute, as in setxattr(2). */
public enum XattrFlag {
    EITHER,
    /** EEXIST if it is there. */
    CREATE,
    /** ENODATA if it is not there. */
    REPLACE
}
