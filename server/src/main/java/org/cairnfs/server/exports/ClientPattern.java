package org.cairnfs.server.exports;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * Which clients an export is for, in one of the forms of exports(5). Immutable; equal when they are written for the same
 * clients in the same form.
 */
public sealed interface ClientPattern {
    /** Whether a client is meant; may ask the resolver, and so wait for the network, for names only. */
    boolean matches(InetAddress client, HostResolver resolver);

    /** Of two patterns that match, the one with the higher number counts. */
    int specificity();

    /** One address, or all with the same leading bits. */
    final class Network implements ClientPattern {
        private final byte[] address;
        private final int prefixLength;

        /**
         * @param address its bits beyond the prefix are ignored
         * @param prefixLength 0 to 32 (IPv4) or 128 (IPv6)
         */
        public Network(InetAddress address, int prefixLength) {
            byte[] bytes = address.getAddress();
            if (prefixLength < 0 || prefixLength > bytes.length * 8) {
                throw new IllegalArgumentException("no prefix length of this address: " + prefixLength);
            }
            this.address = mask(bytes, prefixLength);
            this.prefixLength = prefixLength;
        }

        @Override
        public boolean matches(InetAddress client, HostResolver resolver) {
            byte[] bytes = client.getAddress();
            return bytes.length == address.length && Arrays.equals(mask(bytes, prefixLength), address);
        }

        /** A single host before any network, then the longer prefix; an IPv4 address counts like its IPv6 mapping. */
        @Override
        public int specificity() {
            return isHost() ? 1000 : 100 + prefixLength + (address.length == 4 ? 96 : 0);
        }

        private boolean isHost() {
            return prefixLength == address.length * 8;
        }

        private static byte[] mask(byte[] bytes, int prefixLength) {
            byte[] masked = bytes.clone();
            for (int i = 0; i < masked.length; i++) {
                int bits = Math.max(0, Math.min(8, prefixLength - i * 8));
                masked[i] &= (byte) (0xFF << (8 - bits));
            }
            return masked;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Network that
                    && prefixLength == that.prefixLength
                    && Arrays.equals(address, that.address);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(address) * 31 + prefixLength;
        }

        @Override
        public String toString() {
            try {
                String text = InetAddresses.toAddrString(InetAddress.getByAddress(address));
                return isHost() ? text : text + "/" + prefixLength;
            } catch (UnknownHostException e) {
                throw new IllegalStateException("an address has 4 or 16 bytes", e);
            }
        }
    }

    /**
     * A host by its name, resolved when a client comes.
     *
     * @param name in lower case
     */
    record Host(String name) implements ClientPattern {
        @Override
        public boolean matches(InetAddress client, HostResolver resolver) {
            return resolver.addresses(name).contains(client);
        }

        @Override
        public int specificity() {
            return 999;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * Hosts whose name matches a pattern with {@code *}, {@code ?} and {@code [...]}, which match dots, too.
     *
     * @param glob in lower case
     */
    record HostGlob(String glob) implements ClientPattern {
        @Override
        public boolean matches(InetAddress client, HostResolver resolver) {
            return resolver.name(client)
                    .map(name -> Glob.matches(glob, name.toLowerCase(Locale.ROOT)))
                    .orElse(false);
        }

        @Override
        public int specificity() {
            return 50;
        }

        @Override
        public String toString() {
            return glob;
        }
    }

    /** Hosts of a netgroup of this machine, whatever its users and domains; by the client's name, its first part, or its address. */
    record Netgroup(String name) implements ClientPattern {
        @Override
        public boolean matches(InetAddress client, HostResolver resolver) {
            Set<String> hosts = resolver.netgroup(name);
            return hosts.contains(HostResolver.ANY_HOST)
                    || hosts.contains(InetAddresses.toAddrString(client))
                    || resolver.name(client)
                            .filter(host -> hosts.contains(host) || hosts.contains(host.split("\\.", 2)[0]))
                            .isPresent();
        }

        @Override
        public int specificity() {
            return 40;
        }

        @Override
        public String toString() {
            return "@" + name;
        }
    }

    /** {@code *}: every client. */
    record Anyone() implements ClientPattern {
        @Override
        public boolean matches(InetAddress client, HostResolver resolver) {
            return true;
        }

        @Override
        public int specificity() {
            return 0;
        }

        @Override
        public String toString() {
            return "*";
        }
    }
}
