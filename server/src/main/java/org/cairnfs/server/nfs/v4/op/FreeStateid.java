package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** FREE_STATEID (section 18.38): the client has seen that a stateid is revoked, or needs a lock's no more. */
record FreeStateid(Stateid stateid) implements Operation {
    static FreeStateid decode(XdrReader in) throws XdrException {
        return new FreeStateid(Wire.readStateid(in));
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException {
        compound.state().files().free(SessionClient.of(compound), compound.resolve(stateid));
        return NfsStatus.OK;
    }
}
