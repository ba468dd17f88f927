package org.cairnfs.core.metadata.h2;

/** The database file cannot be used; it is to be discarded and rebuilt. */
public final class DatabaseDamagedException extends Exception {
    private static final long serialVersionUID = 1L;

    public DatabaseDamagedException(String message, Throwable cause) {
        super(message, cause);
    }
}
