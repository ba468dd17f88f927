package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.server.nfs.state.SessionId;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** DESTROY_SESSION (section 18.37). */
record DestroySession(SessionId session) implements Operation {
    static DestroySession decode(XdrReader in) throws XdrException {
        return new DestroySession(Wire.readSessionId(in));
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException {
        compound.state().clients().destroySession(session, compound.turn().orElse(null));
        return NfsStatus.OK;
    }
}
