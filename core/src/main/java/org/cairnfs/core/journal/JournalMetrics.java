package org.cairnfs.core.journal;

/** Is told what the journal does; called by many threads at once, some of them holding the append lock: must be quick. */
public interface JournalMetrics {
    /** Listens to nothing. */
    JournalMetrics NONE = new JournalMetrics() {
        @Override
        public void appended(long bytes) {}

        @Override
        public void forced(long nanos, int group) {}
    };

    /** A record was written. */
    void appended(long bytes);

    /**
     * A force of the disk returned.
     *
     * @param nanos that it took
     * @param group how many callers it was for
     */
    void forced(long nanos, int group);
}
