package org.cairnfs.server.exports;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a connection may be, by the names of {@code xprtsec=} in exports(5). */
public enum TransportPolicy {
    /** In the clear. */
    NONE,
    /** TLS (RFC 9289), whoever the client is. */
    TLS,
    /** TLS with a client that has shown a certificate. */
    MTLS;

    static Optional<TransportPolicy> of(String text) {
        return Arrays.stream(values())
                .filter(policy -> policy.toString().equals(text))
                .findFirst();
    }

    /** As in the exports file. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
