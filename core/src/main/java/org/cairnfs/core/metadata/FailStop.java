package org.cairnfs.core.metadata;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a store that cannot go on: the first failure wins, one listener is told once, everyone else gets {@link
 * MetadataFailedException}. Any thread.
 */
final class FailStop {
    private static final Logger LOG = LoggerFactory.getLogger(FailStop.class);

    private final AtomicReference<MetadataFailedException> failure = new AtomicReference<>();
    private final Consumer<Throwable> listener;

    FailStop(Consumer<Throwable> listener) {
        this.listener = listener;
    }

    /** @throws MetadataFailedException if it has failed */
    void check() {
        MetadataFailedException first = failure.get();
        if (first != null) {
            throw new MetadataFailedException(first.getMessage(), first);
        }
    }

    boolean failed() {
        return failure.get() != null;
    }

    /** The store is given up on purpose: the listener is not told. */
    void abandon() {
        failure.compareAndSet(null, new MetadataFailedException("the metadata store was given up", null));
    }

    /** Notes the failure and gives what to throw. */
    MetadataFailedException fail(String what, Throwable cause) {
        MetadataFailedException exception = new MetadataFailedException(what, cause);
        if (failure.compareAndSet(null, exception)) {
            LOG.error("{}: no more changes are taken; a restart brings everything back from the journal", what, cause);
            listener.accept(exception);
        }
        return exception;
    }
}
