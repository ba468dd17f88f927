package org.cairnfs.server.exports;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The questions about hosts that exports ask. Implementations are safe for any number of threads. */
public interface HostResolver {
    /** What a netgroup has in the place of a host that may be any. */
    String ANY_HOST = "";

    /** All addresses of a host name; none if there is no such host. */
    Set<InetAddress> addresses(String name);

    /** The name of an address in lower case, only where that name leads back to the address. */
    Optional<String> name(InetAddress address);

    /** The hosts of a netgroup of this machine, in lower case, with those of the groups in it; {@link #ANY_HOST} for all; none if there is no such. */
    Set<String> netgroup(String name);

    /** The resolver of this machine, with answers kept for a minute (at most 10,000). */
    static HostResolver ofSystem() {
        return new HostResolver() {
            private final Logger log = LoggerFactory.getLogger(HostResolver.class);
            private final LoadingCache<String, Set<InetAddress>> forward = cache().build(this::lookUp);
            private final LoadingCache<InetAddress, Optional<String>> reverse = cache().build(this::lookUpName);
            private final LoadingCache<String, Set<String>> netgroups = cache().build(Netgroups::hosts);

            @Override
            public Set<InetAddress> addresses(String name) {
                return forward.get(name);
            }

            @Override
            public Optional<String> name(InetAddress address) {
                return reverse.get(address);
            }

            @Override
            public Set<String> netgroup(String name) {
                return netgroups.get(name);
            }

            private Caffeine<Object, Object> cache() {
                return Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(Duration.ofMinutes(1));
            }

            private Set<InetAddress> lookUp(String name) {
                try {
                    return Set.of(InetAddress.getAllByName(name));
                } catch (UnknownHostException e) {
                    log.warn(
                            "exports: host {} cannot be resolved ({}); it matches no client now", name, e.getMessage());
                    return Set.of();
                }
            }

            private Optional<String> lookUpName(InetAddress address) throws UnknownHostException {
                // A new object, as InetAddress keeps the name it once found. It checks the way back itself, and gives
                // the address in text when that fails.
                InetAddress fresh = InetAddress.getByAddress(address.getAddress());
                String name = fresh.getCanonicalHostName();
                return name.equals(fresh.getHostAddress())
                        ? Optional.empty()
                        : Optional.of(name.toLowerCase(Locale.ROOT));
            }
        };
    }
}
