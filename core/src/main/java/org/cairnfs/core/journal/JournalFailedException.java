package org.cairnfs.core.journal;

/** The journal's files could not be written or synced: fail-stop, nothing more is accepted until the server is started again. */
public class JournalFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    public JournalFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
