package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * PUTFH (section 18.19): makes a file handle the current one. Whether its file still exists is found out by the operation
 * that uses it, so that no look at it is needed here.
 */
record PutFh(Bytes handle) implements Operation {
    static PutFh decode(XdrReader in) throws XdrException {
        return new PutFh(Wire.readHandle(in));
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException {
        compound.enter(handle);
        return NfsStatus.OK;
    }
}
