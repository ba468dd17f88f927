package org.cairnfs.server.nfs.state;

import java.io.IOException;
import java.util.List;

/**
 * The port to stable storage of client records. What has returned survives power loss. Calls come one at a time.
 *
 * <p>A client whose record is not there cannot reclaim: so a record is removed <em>before</em> anything that its client
 * held may go to somebody else.
 */
public interface StableClients {
    /** All records that can be read; one that is damaged is logged and is as good as none. */
    List<ClientRecord> load() throws IOException;

    /** Writes a client's record in place of the one it may have. */
    void put(ClientRecord client) throws IOException;

    /** Removes a client's record; none is fine. */
    void remove(ClientName name) throws IOException;
}
