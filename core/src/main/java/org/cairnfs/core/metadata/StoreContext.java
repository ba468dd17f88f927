package org.cairnfs.core.metadata;

import java.util.concurrent.atomic.AtomicLong;
import org.cairnfs.core.journal.Journal;

/** What the parts of one store share. */
record StoreContext(
        MetadataOptions options,
        Journal journal,
        Present present,
        InodeLocks locks,
        Atimes atimes,
        FailStop failStop,
        Unanswered unanswered,
        AtomicLong change) {
    /** The journal's bound for the head of a record. */
    static final int MAX_HEAD_BYTES = 4 << 20;

    private static final int CHANGE_COUNTER_BITS = 40;

    static StoreContext of(
            MetadataOptions options, Journal journal, Present present, FailStop failStop, Unanswered unanswered) {
        return new StoreContext(
                options,
                journal,
                present,
                new InodeLocks(),
                new Atimes(),
                failStop,
                unanswered,
                new AtomicLong(options.incarnation() << CHANGE_COUNTER_BITS));
    }

    long nextChange() {
        return change.incrementAndGet();
    }
}
