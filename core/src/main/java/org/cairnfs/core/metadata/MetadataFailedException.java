package org.cairnfs.core.metadata;

/** The database failed after a change was in the journal: fail-stop. Unchecked, as nobody can go on from it. */
public final class MetadataFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MetadataFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
