package org.cairnfs.core.lock;

/** A limit of locks, shares or waiters is reached: ENOLCK; an expected refusal, without stack trace. */
public final class LockLimitException extends Exception {
    private static final long serialVersionUID = 1L;

    public LockLimitException(String message) {
        super(message, null, false, false);
    }
}
