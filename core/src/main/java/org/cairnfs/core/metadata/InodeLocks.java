package org.cairnfs.core.metadata;

import java.util.concurrent.locks.ReentrantLock;

/**
 * The locks of inodes, 1,024 stripes. Only the writer thread ever holds several, and who holds one never waits for the writer
 * thread, so no two can wait for each other.
 */
final class InodeLocks {
    static final int STRIPES = 1024;

    private final ReentrantLock[] locks = new ReentrantLock[STRIPES];

    InodeLocks() {
        for (int i = 0; i < STRIPES; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    ReentrantLock of(long inode) {
        return locks[(int) (inode & (STRIPES - 1))];
    }

    /** By its number, 0 to {@link #STRIPES} - 1. */
    ReentrantLock stripe(int number) {
        return locks[number];
    }
}
