package org.cairnfs.server.exports;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Host names as a test says, and no network. */
record FixedResolver(Map<String, String> addressOf, Map<String, Set<String>> netgroups) implements HostResolver {
    static final FixedResolver NOBODY = new FixedResolver(Map.of());

    FixedResolver(Map<String, String> addressOf) {
        this(addressOf, Map.of());
    }

    @Override
    public Set<String> netgroup(String name) {
        return netgroups.getOrDefault(name, Set.of());
    }

    @Override
    public Set<InetAddress> addresses(String name) {
        return Optional.ofNullable(addressOf.get(name))
                .<Set<InetAddress>>map(address -> Set.of(InetAddresses.forString(address)))
                .orElse(Set.of());
    }

    @Override
    public Optional<String> name(InetAddress address) {
        return addressOf.entrySet().stream()
                .filter(entry -> InetAddresses.forString(entry.getValue()).equals(address))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
