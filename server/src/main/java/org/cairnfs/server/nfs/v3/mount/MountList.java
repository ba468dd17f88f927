package org.cairnfs.server.nfs.v3.mount;

import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Who has mounted what, as far as the clients say so: for people (showmount(8)), nothing depends on it. In memory only, and
 * bounded: the oldest entries go first.
 *
 * <p>Thread-safe: {@code listLock} guards the entries.
 */
final class MountList {
    private static final int MAX_ENTRIES = 1_000;

    private final Object listLock = new Object();
    private final Set<Entry> entries = new LinkedHashSet<>();

    /** One mount. */
    record Entry(InetAddress client, String path) {}

    void add(InetAddress client, String path) {
        synchronized (listLock) {
            Entry entry = new Entry(client, path);
            entries.remove(entry);
            entries.add(entry);
            if (entries.size() > MAX_ENTRIES) {
                entries.remove(entries.iterator().next());
            }
        }
    }

    void remove(InetAddress client, String path) {
        synchronized (listLock) {
            entries.remove(new Entry(client, path));
        }
    }

    void removeAll(InetAddress client) {
        synchronized (listLock) {
            entries.removeIf(entry -> entry.client().equals(client));
        }
    }

    /** All, the oldest first. */
    List<Entry> all() {
        synchronized (listLock) {
            return List.copyOf(entries);
        }
    }
}
