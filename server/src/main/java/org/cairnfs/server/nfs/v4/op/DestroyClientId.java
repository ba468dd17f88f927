package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** DESTROY_CLIENTID (section 18.50): a client that holds nothing any more is forgotten. */
record DestroyClientId(long clientId) implements Operation {
    static DestroyClientId decode(XdrReader in) throws XdrException {
        return new DestroyClientId(in.readHyper());
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException {
        compound.state().clients().destroyClientId(clientId);
        return NfsStatus.OK;
    }
}
