package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** GETFH (section 18.8): tells the current file handle. */
record GetFh() implements Operation {
    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, XdrException {
        result.writeOpaque(compound.wireHandle());
        return NfsStatus.OK;
    }
}
