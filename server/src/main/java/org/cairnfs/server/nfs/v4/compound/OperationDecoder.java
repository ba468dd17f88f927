package org.cairnfs.server.nfs.v4.compound;

import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/** Decodes the arguments of operations. */
@FunctionalInterface
public interface OperationDecoder {
    /**
     * The operation with the arguments that come next.
     *
     * @throws XdrException if they are not valid XDR
     * @throws NfsException for arguments that can be told to be wrong by themselves (names), and NOTSUPP
     */
    Operation decode(OpCode code, int minorVersion, XdrReader arguments) throws XdrException, NfsException;
}
