package org.cairnfs.server.exports;

/** Whose numbers are replaced by the anonymous ones. */
public enum Squash {
    /** {@code no_root_squash}: nobody's; for clients whose administrator is trusted with every file. */
    NONE,
    /** {@code root_squash}, the default: user 0 and group 0. */
    ROOT,
    /** {@code all_squash}: everybody's. */
    ALL
}
