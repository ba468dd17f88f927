package org.cairnfs.core.metadata;

import java.io.IOException;

/** The database cannot be rebuilt from what is at hand; the message says what is missing and what to do. */
public final class MetadataLostException extends IOException {
    private static final long serialVersionUID = 1L;

    public MetadataLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
