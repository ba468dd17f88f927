package org.cairnfs.server.nfs.v4.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.exports.ExportTable;
import org.cairnfs.server.exports.Exports;
import org.cairnfs.server.exports.SecurityFlavor;
import org.cairnfs.server.nfs.export.Entrance;
import org.cairnfs.server.nfs.export.ExportAccess;
import org.cairnfs.server.nfs.export.ExportResolver;
import org.cairnfs.server.nfs.export.ExportScope;
import org.cairnfs.server.nfs.export.HandleCodec;
import org.cairnfs.server.nfs.export.TableExportResolver;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential;

/** One export of everything, without squashing, which a test may change while it is used. */
public final class PlayedExport implements ExportResolver {
    private volatile boolean writable = true;
    private volatile boolean sync = true;
    private volatile List<SecurityFlavor> flavors = List.of(SecurityFlavor.SYS);

    private volatile ExportTable table = read(ExportTable.DEFAULT_TEXT);
    private volatile Optional<ExportResolver> byTable = Optional.empty();

    public void readOnly() {
        writable = false;
    }

    public void async() {
        sync = false;
    }

    /** Lets in those only who come by one of these; nobody if there is none. */
    public void only(SecurityFlavor... others) {
        flavors = List.of(others);
    }

    /** From now on, as an exports file of this text says. */
    public void as(String text, FileSystem fileSystem) {
        table = read(text);
        if (byTable.isEmpty()) {
            byTable = Optional.of(new TableExportResolver(
                    this::table,
                    fileSystem,
                    new HandleCodec(fileSystem.root().fileSystem(), new byte[32]),
                    UnaryOperator.identity()));
        }
    }

    /** What the file says; at first, as if there was none. */
    public ExportTable table() {
        return table;
    }

    private static ExportTable read(String text) {
        try {
            Path file = Files.createTempFile("exports", "");
            try {
                return Exports.of(Optional.of(Files.writeString(file, text))).get();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (CairnException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public Entrance enter(RpcConnection connection, RpcCredential credential, FileHandle handle) {
        return byTable.isPresent()
                ? byTable.get().enter(connection, credential, handle)
                : new Entrance(ExportScope.WHOLE, flavors, access(credential));
    }

    @Override
    public Presented present(RpcConnection connection, RpcCredential credential, byte[] wire) throws FsException {
        return byTable.isPresent()
                ? byTable.get().present(connection, credential, wire)
                : ExportResolver.super.present(connection, credential, wire);
    }

    private Optional<ExportAccess> access(RpcCredential credential) {
        if (credential instanceof RpcCredential.Gss gss) {
            boolean accepted = flavors.contains(
                    switch (gss.service()) {
                        case NONE -> SecurityFlavor.KRB5;
                        case INTEGRITY -> SecurityFlavor.KRB5I;
                        case PRIVACY -> SecurityFlavor.KRB5P;
                    });
            return accepted ? Optional.of(access(gss.ids())) : Optional.empty();
        }
        if (!flavors.contains(SecurityFlavor.SYS)) {
            return Optional.empty();
        }
        return Optional.of(
                access(credential instanceof RpcCredential.AuthSys sys ? Optional.of(sys.ids()) : Optional.empty()));
    }

    private ExportAccess access(Optional<Credentials> ids) {
        return new ExportAccess(writable, sync, ids.orElse(Credentials.of(65_534, 65_534)));
    }
}
