package org.cairnfs.server.nfs.v4;

import java.util.Objects;

/**
 * An NFSv4 operation that ends with an error status: an expected answer to a client, so it carries no stack trace.
 * What a person has to look into is logged where it happens.
 */
public final class NfsException extends Exception {
    private static final long serialVersionUID = 1L;

    private final NfsStatus status;

    /** Ends an operation with {@code status}, which is not OK. */
    public NfsException(NfsStatus status) {
        this(status, status.name());
    }

    /** The same, with a message for the debug log. */
    public NfsException(NfsStatus status, String message) {
        super(message, null, false, false);
        this.status = Objects.requireNonNull(status);
        if (status == NfsStatus.OK) {
            throw new IllegalArgumentException("OK is not an error");
        }
    }

    public NfsStatus status() {
        return status;
    }
}
