package org.cairnfs.server.exports;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * All exports of a server. Immutable: a reload makes another table.
 *
 * <p>Which export counts: among those whose path covers the wanted one and whose pattern matches the client, the one with the
 * longest path, then the most specific pattern (host, longer network, name pattern, {@code *}), then the earliest line. Only
 * then its own conditions are looked at, so a line can shut out what a more general one lets in.
 */
public final class ExportTable {
    /** {@code /} for this machine only, from reserved ports only: any local user can claim to be root by AUTH_SYS. */
    public static final String DEFAULT_TEXT =
            "/ 127.0.0.0/8(rw,sync,no_root_squash,secure) ::1(rw,sync,no_root_squash,secure)\n";

    private final List<Export> exports;
    private final List<Export> byPrecedence;
    private final HostResolver resolver;

    ExportTable(List<Export> exports, HostResolver resolver) {
        this.exports = List.copyOf(exports);
        this.byPrecedence = exports.stream()
                .sorted(Comparator.comparingInt((Export export) -> export.path().length())
                        .thenComparingInt(export -> export.client().specificity())
                        .reversed())
                .toList();
        this.resolver = resolver;
    }

    /** The same exports, but that every change is refused. */
    public ExportTable asReadOnly() {
        return new ExportTable(exports.stream().map(Export::asReadOnly).toList(), resolver);
    }

    /**
     * The export that a client gets at a path.
     *
     * @param path absolute; doubled and trailing slashes do not matter, {@code ..} is never matched
     * @return empty if there is none for this client, or it demands a reserved port and {@code sourcePort} is none
     */
    public Optional<Export> match(InetAddress client, int sourcePort, String path) {
        return ExportsScanner.normalize(path)
                .flatMap(wanted -> byPrecedence.stream()
                        .filter(export -> export.covers(wanted))
                        .filter(export -> export.client().matches(client, resolver))
                        .findFirst())
                .filter(export -> !export.secure() || isReserved(sourcePort));
    }

    private static boolean isReserved(int port) {
        return port > 0 && port < Export.FIRST_UNRESERVED_PORT;
    }

    /** All, in the order of the file. */
    public List<Export> exports() {
        return exports;
    }

    /** The distinct exported paths, in the order of the file. */
    public List<String> paths() {
        return exports.stream().map(Export::path).distinct().toList();
    }
}
