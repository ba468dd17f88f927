package org.cairnfs.server.nfs.v4.testing;

import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.server.exports.SecurityFlavor;
import org.cairnfs.server.nfs.export.ExportAccess;
import org.cairnfs.server.nfs.export.ExportResolver;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential;

/** One export of everything, without squashing, which a test may change while it is used. */
public final class PlayedExport implements ExportResolver {
    private volatile boolean writable = true;
    private volatile boolean sync = true;
    private volatile List<SecurityFlavor> flavors = List.of(SecurityFlavor.SYS);

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

    @Override
    public Optional<ExportAccess> resolve(RpcConnection connection, RpcCredential credential, FileHandle handle) {
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

    @Override
    public List<SecurityFlavor> flavors(RpcConnection connection, FileHandle handle) {
        return flavors;
    }
}
