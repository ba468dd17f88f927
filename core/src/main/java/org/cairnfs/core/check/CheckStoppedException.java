package org.cairnfs.core.check;

/** A check is broken off, as the file system is being closed. */
final class CheckStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CheckStoppedException() {
        super("the check was broken off: the server is stopping");
    }
}
