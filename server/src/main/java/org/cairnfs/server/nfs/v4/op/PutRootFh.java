package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** PUTROOTFH and PUTPUBFH (sections 18.21 and 18.20): makes the root the current file handle; it is the public one too. */
record PutRootFh() implements Operation {
    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException {
        compound.enterRoot();
        return NfsStatus.OK;
    }
}
