package org.cairnfs.server.nfs.state;

/** What a stateid is asked to allow. */
public enum IoKind {
    READ,
    /** IO_ADVISE, which changes and tells nothing: every stateid of the file does, and nobody's deny mode is in the way. */
    ADVICE,
    /** WRITE, ALLOCATE, DEALLOCATE, and the destination of CLONE and COPY. */
    WRITE,
    /** SETATTR of the size. */
    SET_SIZE
}
