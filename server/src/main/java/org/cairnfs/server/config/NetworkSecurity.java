package org.cairnfs.server.config;

import java.nio.file.Path;
import java.util.Optional;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;

/**
 * How the server proves to clients who it is; without any of it, it speaks in the clear.
 *
 * @param keytab with the keys of the server for Kerberos
 * @param principal of the keytab that is used; empty for all
 * @param tls what TLS wants
 */
public record NetworkSecurity(Optional<Path> keytab, Optional<String> principal, Optional<Tls> tls) {
    /** No Kerberos, no TLS. */
    public static final NetworkSecurity NONE =
            new NetworkSecurity(Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * The files for TLS, all of them PEM.
     *
     * @param certificate of the server, and those that lead to a root
     * @param key of the certificate, not encrypted
     * @param clientCa roots of the certificates of clients; empty if clients are not asked for any
     */
    public record Tls(Path certificate, Path key, Optional<Path> clientCa) {}

    static NetworkSecurity of(ConfigFile file) throws CairnException {
        Optional<Path> keytab = file.text("keytab").map(Path::of);
        Optional<String> principal = file.text("kerberos-principal");
        if (principal.isPresent() && keytab.isEmpty()) {
            throw missing("kerberos-principal", "keytab");
        }
        Optional<Path> certificate = file.text("tls-certificate").map(Path::of);
        Optional<Path> key = file.text("tls-key").map(Path::of);
        Optional<Path> clientCa = file.text("tls-client-ca").map(Path::of);
        if (certificate.isPresent() != key.isPresent()) {
            throw certificate.isPresent()
                    ? missing("tls-certificate", "tls-key")
                    : missing("tls-key", "tls-certificate");
        }
        if (clientCa.isPresent() && certificate.isEmpty()) {
            throw missing("tls-client-ca", "tls-certificate");
        }
        return new NetworkSecurity(
                keytab, principal, certificate.map(path -> new Tls(path, key.orElseThrow(), clientCa)));
    }

    private static CairnException missing(String given, String wanted) {
        return new CairnException(ExitCode.CONFIG, given + " is of no use without " + wanted, "set both, or neither");
    }
}
