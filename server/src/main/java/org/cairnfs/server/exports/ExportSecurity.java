package org.cairnfs.server.exports;

import com.google.common.collect.ImmutableSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How those must come who use an export.
 *
 * @param flavors of authentication, the one that the server likes best first; at least one
 * @param transports one of which the connection must be; at least one
 */
public record ExportSecurity(ImmutableSet<SecurityFlavor> flavors, ImmutableSet<TransportPolicy> transports) {
    /** What exports(5) has where nothing is said. */
    public static final ExportSecurity DEFAULT =
            new ExportSecurity(ImmutableSet.of(SecurityFlavor.SYS), ImmutableSet.copyOf(TransportPolicy.values()));

    public ExportSecurity {
        if (flavors.isEmpty() || transports.isEmpty()) {
            throw new IllegalArgumentException("an export that nobody can use");
        }
    }

    /** With the flavours of {@code sec=}; empty if there is one that is not known, or one twice. */
    Optional<ExportSecurity> withFlavors(String value) {
        return parse(value, SecurityFlavor::of).map(chosen -> new ExportSecurity(chosen, transports));
    }

    /** With the transports of {@code xprtsec=}; empty if there is one that is not known, or one twice. */
    Optional<ExportSecurity> withTransports(String value) {
        return parse(value, TransportPolicy::of).map(chosen -> new ExportSecurity(flavors, chosen));
    }

    private static <T> Optional<ImmutableSet<T>> parse(String value, Function<String, Optional<T>> parser) {
        Set<T> chosen = new LinkedHashSet<>();
        for (String text : value.split(":", -1)) {
            Optional<T> one = parser.apply(text);
            if (one.isEmpty() || !chosen.add(one.get())) {
                return Optional.empty();
            }
        }
        return Optional.of(ImmutableSet.copyOf(chosen));
    }

    /** Whether nobody can use it without Kerberos. */
    public boolean needsKerberos() {
        return !flavors.contains(SecurityFlavor.SYS);
    }

    /** Whether nobody can use it without TLS. */
    public boolean needsTls() {
        return !transports.contains(TransportPolicy.NONE);
    }

    /** The options in the syntax of the exports file. */
    @Override
    public String toString() {
        return "sec=" + join(flavors) + (transports.equals(DEFAULT.transports()) ? "" : ",xprtsec=" + join(transports));
    }

    private static String join(Set<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(":"));
    }
}
