package org.cairnfs.server.exports;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How users prove who they are, by the names of {@code sec=} in exports(5). */
public enum SecurityFlavor {
    /** AUTH_SYS: they do not. */
    SYS(1),
    /** Kerberos: who calls is proved, what is said is not. */
    KRB5(390_003),
    /** Kerberos, and nobody can change what is said. */
    KRB5I(390_004),
    /** Kerberos, and nobody can read what is said. */
    KRB5P(390_005);

    private final int pseudoFlavor;

    SecurityFlavor(int pseudoFlavor) {
        this.pseudoFlavor = pseudoFlavor;
    }

    /** The number by which MOUNT tells it (RFC 2623 section 4.2). */
    public int pseudoFlavor() {
        return pseudoFlavor;
    }

    static Optional<SecurityFlavor> of(String text) {
        return Arrays.stream(values())
                .filter(flavor -> flavor.toString().equals(text))
                .findFirst();
    }

    /** As in the exports file. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
