package org.cairnfs.server.nfs.state;

/**
 * All state of NFSv4 clients, of one server.
 *
 * <p>Safe for use by any number of threads; the locks are listed in the package's documentation.
 */
public interface NfsState extends AutoCloseable {
    ClientRegistry clients();

    FileStates files();

    ServerIdentity identity();

    /** The lease, for the attribute lease_time: seconds, at least 1. */
    int leaseSeconds();

    /** Whether opens and locks of before the restart may be reclaimed, and new ones have to wait. */
    boolean inGrace();

    /** Forgets a connection that ended: it is no one's back channel any more. */
    void connectionClosed(Connection connection);

    /** Stops the scheduler. Client records stay, so that clients can reclaim from the next start. */
    @Override
    void close();
}
