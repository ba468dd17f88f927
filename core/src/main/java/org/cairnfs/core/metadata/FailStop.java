package org.cairnfs.core.metadata;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.cairnfs.core.metadata.h2.Damage;
import org.cairnfs.core.metadata.h2.DamageMark;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a store that cannot go on: the first failure wins, one listener is told once, everyone else gets {@link
 * MetadataFailedException}. Any thread.
 *
 * <p>Where a failure shows that the database is damaged, the first or a later one (a thread that finds it closed may be faster than
 * the thread that found the damage), a mark is left for the next start before anyone hears of it: the listener may end the process.
 */
final class FailStop {
    private static final Logger LOG = LoggerFactory.getLogger(FailStop.class);

    private final AtomicReference<MetadataFailedException> failure = new AtomicReference<>();
    private final Consumer<Throwable> listener;
    private final DamageMark mark;
    private volatile boolean ended;

    FailStop(Consumer<Throwable> listener, DamageMark mark) {
        this.listener = listener;
        this.mark = mark;
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

    /** The store is closed or given up on purpose: whoever fails from now on fails for that, and the listener is not told. */
    void end() {
        ended = true;
        failure.compareAndSet(null, new MetadataFailedException("the metadata store is closed", null));
    }

    /** Leaves the mark, if this failure shows damage. */
    void noteDamage(Throwable cause) {
        if (Damage.isShownBy(cause)) {
            try {
                mark.leave(String.valueOf(cause.getMessage()));
            } catch (IOException e) {
                LOG.error(
                        "The metadata database is damaged, and the next start will not know: no mark could be left", e);
            }
        }
    }

    /** Notes the failure and gives what to throw. */
    MetadataFailedException fail(String what, Throwable cause) {
        MetadataFailedException exception = new MetadataFailedException(what, cause);
        if (!ended) {
            noteDamage(cause);
        }
        if (failure.compareAndSet(null, exception)) {
            LOG.error("{}: no more changes are taken; a restart brings everything back from the journal", what, cause);
            listener.accept(exception);
        }
        return exception;
    }
}
