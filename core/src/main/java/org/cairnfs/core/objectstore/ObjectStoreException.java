package org.cairnfs.core.objectstore;

import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** A call to an object store failed; its kind says what may help. */
public class ObjectStoreException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** What sort of failure it is, told apart by what may be done about it. */
    public enum Kind {
        /** There is no such object, or no such bucket or folder. Trying again does not help. */
        MISSING,
        /** The network, a time-out, a busy store: may well work when tried again soon. */
        TRANSIENT,
        /** The store does not know us: wrong, expired or missing credentials, or a wrong clock. A person must act. */
        CREDENTIALS,
        /** The store knows us and refuses: permissions, a read-only file system. A person must act. */
        DENIED,
        /** No space or quota left. A person must act, or something must be deleted. */
        FULL,
        /** Anything else that trying again will not change. */
        PERMANENT
    }

    private final Kind kind;
    private final Duration retryAfter;

    public ObjectStoreException(Kind kind, String message) {
        this(kind, message, null, null);
    }

    public ObjectStoreException(Kind kind, String message, Throwable cause) {
        this(kind, message, cause, null);
    }

    /** @param retryAfter how long the store asks us to wait before the next attempt, or null if it does not say */
    public ObjectStoreException(Kind kind, String message, Throwable cause, Duration retryAfter) {
        super(message, cause);
        this.kind = Objects.requireNonNull(kind);
        this.retryAfter = retryAfter;
    }

    public final Kind kind() {
        return kind;
    }

    /** How long the store asked us to wait, if it did. */
    public final Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
