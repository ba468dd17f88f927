package org.cairnfs.core.metadata.h2;

import java.io.IOException;

/** What must happen before anything is written to the database file: the journal is synced up to its newest record. */
@FunctionalInterface
public interface WriteBarrier {
    void beforeWrite() throws IOException;
}
