package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** RENEW of 4.0 (RFC 7530 section 16.28): a client is still there. */
record Renew(long clientId) implements Operation {
    static Renew decode(XdrReader in) throws XdrException {
        return new Renew(in.readHyper());
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException {
        compound.state().clients().renew(clientId);
        return NfsStatus.OK;
    }
}
