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

/** DELEGRETURN (section 18.6): as no delegation is given out, there is none to give back. */
record DelegReturn(Stateid stateid) implements Operation {
    static DelegReturn decode(XdrReader in) throws XdrException {
        return new DelegReturn(Wire.readStateid(in));
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException {
        compound.current();
        throw new NfsException(NfsStatus.BAD_STATEID, "there are no delegations");
    }
}
