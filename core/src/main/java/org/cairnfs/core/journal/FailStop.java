package org.cairnfs.core.journal;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers the first failure, after which everything is refused, and tells one listener of it once. Also refuses after
 * closing. Lock-free.
 */
final class FailStop {
    private static final Logger log = LoggerFactory.getLogger(FailStop.class);

    private static final String CLOSED = "the journal is closed";

    private final Consumer<JournalFailedException> listener;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile boolean closed;

    FailStop(Consumer<JournalFailedException> listener) {
        this.listener = listener;
    }

    /** Refuses if there was a failure, or the journal was closed. */
    void check() throws JournalFailedException {
        Throwable cause = failure.get();
        if (cause != null) {
            throw exception(cause);
        }
        if (closed) {
            throw new JournalFailedException(CLOSED, null);
        }
    }

    boolean isFailed() {
        return failure.get() != null;
    }

    /** From now on everything is refused; may be called with locks held. */
    void mark(Throwable cause) {
        failure.compareAndSet(null, cause);
    }

    /**
     * Tells the listener, unless it was told; not to be called with a lock held. A call that was overtaken by the closing of
     * the journal is no failure.
     */
    JournalFailedException announce(Throwable cause) {
        if (closed && !isFailed()) {
            return new JournalFailedException(CLOSED, cause);
        }
        mark(cause);
        JournalFailedException exception = exception(failure.get());
        if (told.compareAndSet(false, true)) {
            log.error("the journal failed, nothing is accepted until the next start", failure.get());
            listener.accept(exception);
        }
        return exception;
    }

    void close() {
        closed = true;
    }

    private static JournalFailedException exception(Throwable cause) {
        return new JournalFailedException("the journal failed: " + cause.getMessage(), cause);
    }
}
