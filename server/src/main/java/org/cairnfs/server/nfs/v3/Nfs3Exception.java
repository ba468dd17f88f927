package org.cairnfs.server.nfs.v3;

import java.util.Objects;

/** A procedure of NFSv3 that ends with an error status: an expected answer to a client, so it carries no stack trace. */
public final class Nfs3Exception extends Exception {
    private static final long serialVersionUID = 1L;

    private final Nfs3Status status;

    /** @param message for the debug log */
    public Nfs3Exception(Nfs3Status status, String message) {
        super(message, null, false, false);
        this.status = Objects.requireNonNull(status);
        if (status == Nfs3Status.OK) {
            throw new IllegalArgumentException("OK is not an error");
        }
    }

    public Nfs3Status status() {
        return status;
    }
}
