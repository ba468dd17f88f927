package org.cairnfs.server.config;

/** Whether {@code cairn unlock} takes away the lock of a tree; never one that has a date. */
public enum Unlocking {
    NEVER,
    /** Locks without a date. */
    ALLOWED
}
