package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** SAVEFH (section 18.28): keeps the current file handle, with its stateid, as the saved one. */
record SaveFh() implements Operation {
    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException {
        compound.save();
        return NfsStatus.OK;
    }
}
