package org.cairnfs.core.treelock;

/** Whether a lock without a date can be taken away. One with a date never can be: it ends by itself. */
public enum UnlockPolicy {
    /** Nobody can; what is locked without a date stays for as long as the file system. */
    NEVER,
    /** Whoever may run {@code cairn unlock} can. */
    ALLOWED
}
