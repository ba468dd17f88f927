package org.cairnfs.core.journal;

import java.io.IOException;

/** The disk, or the quota on it, is full. */
public class OutOfSpaceException extends IOException {
    private static final long serialVersionUID = 1L;

    public OutOfSpaceException(String message, Throwable cause) {
        super(message, cause);
    }
}
