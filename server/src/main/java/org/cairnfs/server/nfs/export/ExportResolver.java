package org.cairnfs.server.nfs.export;

import java.util.Optional;
import org.cairnfs.core.fs.FileHandle;
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
     * @return empty if no export lets this caller in
     */
    Optional<ExportAccess> resolve(RpcConnection connection, RpcCredential credential, FileHandle handle);
}
