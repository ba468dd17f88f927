package org.cairnfs.server.nfs.state;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stable storage in memory, which outlives a {@link StateRig}'s restarts and can fail. */
final class MemoryStableClients implements StableClients {
    private final Map<ClientName, ClientRecord> records = new LinkedHashMap<>();
    private boolean failing;

    @Override
    public List<ClientRecord> load() throws IOException {
        check();
        return List.copyOf(records.values());
    }

    @Override
    public void put(ClientRecord client) throws IOException {
        check();
        records.put(client.name(), client);
    }

    @Override
    public void remove(ClientName name) throws IOException {
        check();
        records.remove(name);
    }

    Optional<ClientRecord> record(int minorVersion, String owner) {
        return Optional.ofNullable(records.get(new ClientName(minorVersion, StateRig.bytes(owner))));
    }

    int size() {
        return records.size();
    }

    void fail(boolean fails) {
        failing = fails;
    }

    private void check() throws IOException {
        if (failing) {
            throw new IOException("the disk is full");
        }
    }
}
