package org.cairnfs.server.app;

import java.util.ArrayList;
import java.util.List;
import org.cairnfs.server.CairnException;

/** Passes things on that come one by one, some at a time, to one who may not want them any more. Used once, by one thread. */
final class Batches<T> {
    private static final int AT_ONCE = 200;

    private final Sink<T> sink;
    private final List<T> waiting = new ArrayList<>();

    Batches(Sink<T> sink) {
        this.sink = sink;
    }

    /** Takes some. */
    @FunctionalInterface
    interface Sink<T> {
        void take(List<T> some) throws CairnException;
    }

    /** They are not wanted any more. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private StoppedException(CairnException cause) {
            super(cause);
        }

        @Override
        public synchronized CairnException getCause() {
            return (CairnException) super.getCause();
        }
    }

    /** @throws StoppedException when they are not wanted any more */
    void add(T one) {
        waiting.add(one);
        if (waiting.size() == AT_ONCE) {
            try {
                end();
            } catch (CairnException e) {
                throw new StoppedException(e);
            }
        }
    }

    /** Passes on what is left. */
    void end() throws CairnException {
        if (!waiting.isEmpty()) {
            sink.take(List.copyOf(waiting));
            waiting.clear();
        }
    }
}
