package org.cairnfs.server.app;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.security.auth.login.LoginException;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Failures;
import org.cairnfs.server.config.NetworkSecurity;
import org.cairnfs.server.config.PrivateFiles;
import org.cairnfs.server.exports.Export;
import org.cairnfs.server.exports.ExportTable;
import org.cairnfs.server.nfs.rpc.OpaqueAuth;
import org.cairnfs.server.nfs.rpc.RpcServerBuilder;
import org.cairnfs.server.nfs.rpc.gss.GssAuthenticator;
import org.cairnfs.server.nfs.rpc.gss.HostPrincipals;
import org.cairnfs.server.nfs.rpc.gss.HostUsers;
import org.cairnfs.server.nfs.rpc.gss.KerberosMechanism;
import org.cairnfs.server.nfs.rpc.gss.Keytab;
import org.cairnfs.server.nfs.rpc.tls.TlsIdentity;
import org.ietf.jgss.GSSException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets an RPC server up for Kerberos and TLS, from the files that the configuration names. */
final class SecureRpc {
    private static final Logger LOG = LoggerFactory.getLogger(SecureRpc.class);

    private SecureRpc() {}

    /** Adds what is configured to a server; gives what TLS shows, if TLS is spoken. */
    static Optional<TlsIdentity> addTo(RpcServerBuilder builder, NetworkSecurity security) throws CairnException {
        if (security.keytab().isPresent()) {
            builder.authenticator(
                    OpaqueAuth.RPCSEC_GSS, kerberos(security.keytab().get(), security.principal()));
        }
        if (security.tls().isEmpty()) {
            return Optional.empty();
        }
        TlsIdentity identity = identity(security.tls().get());
        builder.tls(identity);
        return Optional.of(identity);
    }

    private static TlsIdentity identity(NetworkSecurity.Tls files) throws CairnException {
        try {
            requirePrivate(files.key(), "key of TLS");
            TlsIdentity identity = new TlsIdentity(files.certificate(), files.key(), files.clientCa());
            LOG.info("TLS with the certificate {}", files.certificate());
            return identity;
        } catch (IOException e) {
            throw unreadable("", e);
        } catch (GeneralSecurityException e) {
            throw new CairnException(ExitCode.CONFIG, "TLS cannot be spoken: " + e.getMessage(), "", e);
        }
    }

    private static CairnException unreadable(String consequence, IOException e) {
        String which = e instanceof FileSystemException failed ? "the file " + failed.getFile() : "a file";
        return Failures.ofFile("cannot read " + which + " for TLS" + consequence, e);
    }

    /** Reads the files for TLS again; when one cannot be used, all stays as it is. */
    static void reload(TlsIdentity identity, NetworkSecurity security) throws CairnException {
        try {
            requirePrivate(security.tls().orElseThrow().key(), "key of TLS");
            identity.reload();
        } catch (IOException e) {
            throw unreadable("; nothing was changed, the exports neither", e);
        } catch (GeneralSecurityException e) {
            throw new CairnException(
                    ExitCode.CONFIG,
                    "the new files for TLS cannot be used: " + e.getMessage(),
                    "nothing was changed, the exports neither",
                    e);
        }
    }

    private static GssAuthenticator kerberos(Path file, Optional<String> principal) throws CairnException {
        Keytab keytab;
        try {
            requirePrivate(file, "keytab");
            keytab = Keytab.read(file);
        } catch (IOException e) {
            throw Failures.ofFile("cannot read the keytab " + file, e);
        }
        if (principal.isPresent() && !keytab.principals().contains(principal.get())) {
            throw new CairnException(
                    ExitCode.CONFIG,
                    "the keytab " + file + " has no key of " + principal.get(),
                    "it has those of " + String.join(", ", keytab.principals()));
        }
        if (principal.isEmpty() && !keytab.isForNfs()) {
            throw new CairnException(
                    ExitCode.CONFIG,
                    "the keytab " + file + " has no key of nfs/HOST, which clients ask for",
                    "add one, as docs/operations.md says");
        }
        try {
            KerberosMechanism mechanism =
                    principal.isPresent() ? KerberosMechanism.of(file, principal.get()) : KerberosMechanism.of(file);
            LOG.info(
                    "Kerberos with the keys of {}",
                    principal.orElseGet(() -> keytab.principals().toString()));
            return new GssAuthenticator(mechanism, new HostPrincipals(keytab.realms(), new HostUsers()));
        } catch (LoginException | GSSException e) {
            throw new CairnException(
                    ExitCode.CONFIG, "the keytab " + file + " cannot be used: " + e.getMessage(), "", e);
        }
    }

    /** Refuses a file with a secret that others may read. */
    private static void requirePrivate(Path file, String kind) throws IOException, CairnException {
        if (Files.exists(file) && PrivateFiles.isOpenToOthers(file)) {
            throw new CairnException(
                    ExitCode.SECRET_FILE,
                    "the " + kind + " " + file + " may be read or changed by others",
                    "run: chmod 600 '" + file + "'");
        }
    }

    /** Warns of exports that nobody can use for want of a keytab or certificate. */
    static void warnOfUnusable(ExportTable exports, NetworkSecurity security) {
        for (Export export : exports.exports()) {
            if (export.security().needsKerberos() && security.keytab().isEmpty()) {
                LOG.warn("nobody can use the export '{}': it wants Kerberos, and there is no keytab", export);
            }
            if (export.security().needsTls() && security.tls().isEmpty()) {
                LOG.warn("nobody can use the export '{}': it wants TLS, and there is no tls-certificate", export);
            }
        }
    }
}
