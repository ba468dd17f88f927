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

/** DELEGRETURN (section 18.6): the client gives a delegation back. */
record DelegReturn(Stateid stateid) implements Operation {
    static DelegReturn decode(XdrReader in) throws XdrException {
        return new DelegReturn(Wire.readStateid(in));
    }

    /** The stateid is known the first time only. */
    @Override
    public boolean isOnce() {
        return true;
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException {
        compound.state().files().returnDelegation(compound.session(), compound.resolve(stateid), compound.current());
        return NfsStatus.OK;
    }
}
