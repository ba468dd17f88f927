package org.cairnfs.server.nfs.v3.call;

/** A caller who may come from where he comes, but has to authenticate, or to protect his connection, otherwise; carries no stack trace. */
final class TooWeakException extends Exception {
    private static final long serialVersionUID = 1L;

    TooWeakException() {
        super("exported to those only who authenticate, or encrypt, otherwise", null, false, false);
    }
}
