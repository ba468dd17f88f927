package org.cairnfs.server.nfs.state;

/**
 * The way to the callback service of a 4.0 client, as it was last found.
 *
 * @param service where the client says that it is; null until it is confirmed
 */
record CallbackPath(Callback40 service, Standing standing) {
    /** Whether a client can be called. */
    enum Standing {
        /** Not tried yet. */
        UNKNOWN,
        UP,
        DOWN
    }

    static CallbackPath to(Callback40 service) {
        return new CallbackPath(service, Standing.UNKNOWN);
    }

    CallbackPath found(boolean up) {
        return new CallbackPath(service, up ? Standing.UP : Standing.DOWN);
    }
}
