package org.cairnfs.server.nfs.export;

import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
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
     * What the exports say to one caller of a file of the whole file system: the root, from which all ways begin, or one whose handle was
     * given out under the export of all.
     *
     * @param connection where the call came from: address, port, and whatever its transport has proved
     * @param credential who the caller claims to be
     * @param handle what is to be used
     */
    Entrance enter(RpcConnection connection, RpcCredential credential, FileHandle handle);

    /** What a handle means that a client presents. */
    record Presented(FileHandle handle, Entrance entrance) {}

    /**
     * Takes a handle from the wire.
     *
     * @param wire untrusted
     * @throws FsException EINVAL if it is none that was given out
     */
    default Presented present(RpcConnection connection, RpcCredential credential, byte[] wire) throws FsException {
        FileHandle handle = FileHandle.ofBytes(wire);
        return new Presented(handle, enter(connection, credential, handle));
    }

    /** {@link Entrance#access} of a file of the whole file system. */
    default Optional<ExportAccess> resolve(RpcConnection connection, RpcCredential credential, FileHandle handle) {
        return enter(connection, credential, handle).access();
    }

    /** {@link Entrance#flavors} of a file of the whole file system. */
    default List<SecurityFlavor> flavors(RpcConnection connection, FileHandle handle) {
        return enter(connection, RpcCredential.NONE, handle).flavors();
    }
}
