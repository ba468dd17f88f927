package org.cairnfs.server.nfs.v3.portmap;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Addresses with ports as rpcbind writes them (RFC 5665 section 5.2.3): {@code 192.0.2.1.8.1} is port 2049. */
public final class UniversalAddress {
    private UniversalAddress() {}

    public static String of(InetAddress address, int port) {
        return InetAddresses.toAddrString(address) + "." + (port >>> 8) + "." + (port & 0xff);
    }

    /** Empty if it is none. */
    public static Optional<InetSocketAddress> parse(String text) {
        int low = text.lastIndexOf('.');
        int high = low < 0 ? -1 : text.lastIndexOf('.', low - 1);
        if (high < 0) {
            return Optional.empty();
        }
        String host = text.substring(0, high);
        Optional<Integer> upper = octet(text.substring(high + 1, low));
        Optional<Integer> lower = octet(text.substring(low + 1));
        return InetAddresses.isInetAddress(host) && upper.isPresent() && lower.isPresent()
                ? Optional.of(new InetSocketAddress(InetAddresses.forString(host), upper.get() << 8 | lower.get()))
                : Optional.empty();
    }

    private static Optional<Integer> octet(String digits) {
        if (!digits.matches("[0-9]{1,3}")) {
            return Optional.empty();
        }
        int value = Integer.parseInt(digits);
        return value > 255 ? Optional.empty() : Optional.of(value);
    }
}
