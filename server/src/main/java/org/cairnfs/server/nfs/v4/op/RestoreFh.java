package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** RESTOREFH (section 18.27): makes the saved file handle, with its stateid, the current one. */
record RestoreFh() implements Operation {
    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException {
        compound.restore();
        return NfsStatus.OK;
    }
}
