package org.cairnfs.server.nfs.v4.testing;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.cairnfs.server.nfs.state.ClientName;
import org.cairnfs.server.nfs.state.ClientRecord;
import org.cairnfs.server.nfs.state.StableClients;

/** Client records that outlive the server of a test, though not the test. */
public final class MemoryStableClients implements StableClients {
    private final Map<ClientName, ClientRecord> records = new ConcurrentHashMap<>();

    @Override
    public List<ClientRecord> load() {
        return List.copyOf(records.values());
    }

    @Override
    public void put(ClientRecord client) {
        records.put(client.name(), client);
    }

    @Override
    public void remove(ClientName name) {
        records.remove(name);
    }
}
