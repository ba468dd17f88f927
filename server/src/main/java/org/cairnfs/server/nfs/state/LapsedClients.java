package org.cairnfs.server.nfs.state;

import org.cairnfs.core.lock.LockClient;

/** How a lapsed client makes room: asked when what it holds is in somebody's way. */
interface LapsedClients {
    /**
     * Drops a client whose lease ran out, with all that it holds. Called with no lock held.
     *
     * @return whether it is gone, so that trying again may help; false if it is alive, or of another adapter, or if stable storage
     *     cannot note it
     */
    boolean expire(LockClient holder);
}
