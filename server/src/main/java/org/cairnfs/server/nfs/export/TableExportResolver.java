package org.cairnfs.server.nfs.export;

import com.google.common.collect.ImmutableList;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.server.exports.Export;
import org.cairnfs.server.exports.ExportSecurity;
import org.cairnfs.server.exports.ExportTable;
import org.cairnfs.server.exports.SecurityFlavor;
import org.cairnfs.server.exports.TransportPolicy;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.rpc.TransportSecurity;

/**
 * Asks the exports table, once for each connection and each new table. All of the file system is one export, {@code /}.
 *
 * <p>Safe for use by any number of threads.
 */
public final class TableExportResolver implements ExportResolver {
    private static final String ROOT = "/";

    private final Supplier<ExportTable> tables;

    /** What a table said of a connection; kept with the connection. */
    private record Match(ExportTable table, Optional<Export> export) {}

    /** @param tables gives the newest table, at the cost of a read */
    public TableExportResolver(Supplier<ExportTable> tables) {
        this.tables = tables;
    }

    @Override
    public Optional<ExportAccess> resolve(RpcConnection connection, RpcCredential credential, FileHandle handle) {
        return exportFor(connection)
                .filter(export -> isProtected(export.security(), connection.transportSecurity()))
                .filter(export -> export.security().flavors().contains(flavorOf(credential)))
                .map(export -> new ExportAccess(!export.readOnly(), export.sync(), squash(export, credential)));
    }

    @Override
    public List<SecurityFlavor> flavors(RpcConnection connection, FileHandle handle) {
        return exportFor(connection)
                .map(export -> export.security().flavors().asList())
                .orElse(ImmutableList.of());
    }

    private Optional<Export> exportFor(RpcConnection connection) {
        ExportTable table = tables.get();
        Match match = connection.attachment(Match.class).orElse(null);
        // Another table means a reload: identity is what tells it.
        if (match == null || match.table() != table) {
            InetSocketAddress from = connection.remoteAddress();
            match = new Match(table, table.match(from.getAddress(), from.getPort(), ROOT));
            connection.attach(Match.class, match);
        }
        return match.export();
    }

    private static boolean isProtected(ExportSecurity wanted, TransportSecurity is) {
        return switch (is) {
            case NONE -> wanted.transports().contains(TransportPolicy.NONE);
            case TLS -> wanted.transports().contains(TransportPolicy.TLS);
            case MUTUAL_TLS ->
                wanted.transports().contains(TransportPolicy.TLS)
                        || wanted.transports().contains(TransportPolicy.MTLS);
        };
    }

    /** AUTH_NONE goes where AUTH_SYS goes, as nobody. */
    private static SecurityFlavor flavorOf(RpcCredential credential) {
        if (credential instanceof RpcCredential.Gss gss) {
            return switch (gss.service()) {
                case NONE -> SecurityFlavor.KRB5;
                case INTEGRITY -> SecurityFlavor.KRB5I;
                case PRIVACY -> SecurityFlavor.KRB5P;
            };
        }
        return SecurityFlavor.SYS;
    }

    private static Credentials squash(Export export, RpcCredential credential) {
        if (credential instanceof RpcCredential.AuthSys sys) {
            return squash(export, sys.ids());
        }
        if (credential instanceof RpcCredential.Gss gss) {
            return gss.ids().map(ids -> squash(export, ids)).orElseGet(export::anonymous);
        }
        return export.anonymous();
    }

    private static Credentials squash(Export export, Credentials ids) {
        return export.squash(ids.uid(), ids.gid(), ids.groups());
    }
}
