package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** SETCLIENTID_CONFIRM of 4.0 (RFC 7530 section 16.34). */
record SetClientIdConfirm(long clientId, long verifier) implements Operation {
    static SetClientIdConfirm decode(XdrReader in) throws XdrException {
        return new SetClientIdConfirm(in.readHyper(), in.readHyper());
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException {
        compound.state().clients().setClientIdConfirm(compound.principal(), clientId, verifier);
        return NfsStatus.OK;
    }
}
