package org.cairnfs.server.nfs.export;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.server.exports.Export;
import org.cairnfs.server.exports.ExportTable;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential;

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
        ExportTable table = tables.get();
        Match match = connection.attachment(Match.class).orElse(null);
        // Another table means a reload: identity is what tells it.
        if (match == null || match.table() != table) {
            InetSocketAddress from = connection.remoteAddress();
            match = new Match(table, table.match(from.getAddress(), from.getPort(), ROOT));
            connection.attach(Match.class, match);
        }
        return match.export()
                .map(export -> new ExportAccess(!export.readOnly(), export.sync(), squash(export, credential)));
    }

    private static Credentials squash(Export export, RpcCredential credential) {
        if (credential instanceof RpcCredential.AuthSys sys) {
            Credentials ids = sys.ids();
            return export.squash(ids.uid(), ids.gid(), ids.groups());
        }
        return export.anonymous();
    }
}
