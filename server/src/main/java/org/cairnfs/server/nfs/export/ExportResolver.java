package org.cairnfs.server.nfs.export;

import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.server.exports.Export;
import org.cairnfs.server.exports.SecurityFlavor;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential;

/**
 * Says what a caller may do with a file, by the exports table. Asked for each file handle that a client presents, so it
 * must be quick; safe for use by any number of threads.
 */
@FunctionalInterface
public interface ExportResolver {
    /**
     * The access of one caller.
     *
     * @param connection where the call came from: address, port, and whatever its transport has proved
     * @param credential who the caller claims to be
     * @param handle what is to be used
     * @return empty if no export lets this caller in, because of where or who he is, or because he does not authenticate or protect
     *     his connection as the export wants it; {@link #flavors} tells which
     */
    Optional<ExportAccess> resolve(RpcConnection connection, RpcCredential credential, FileHandle handle);

    /**
     * How a caller from there must authenticate to use a file; the best first. Tells those whom {@link #resolve} does not let in whether
     * another flavour, or TLS, would help.
     *
     * <p>By default AUTH_SYS, for those whom {@link #resolve} lets in with it.
     *
     * @return empty if no export lets in anybody from there
     */
    default List<SecurityFlavor> flavors(RpcConnection connection, FileHandle handle) {
        RpcCredential somebody = new RpcCredential.AuthSys("", Credentials.of(Export.NOBODY, Export.NOBODY));
        return resolve(connection, somebody, handle).isPresent() ? List.of(SecurityFlavor.SYS) : List.of();
    }
}
