package org.cairnfs.server.nfs.state;

/** What a stateid is asked to allow. */
public enum IoKind {
    READ,
    /** WRITE, ALLOCATE, DEALLOCATE, and the destination of CLONE and COPY. */
    WRITE,
    /** SETATTR of the size. */
    SET_SIZE
}
