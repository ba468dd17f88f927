package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.state.Client;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** RELEASE_LOCKOWNER of 4.0 (RFC 7530 section 16.37): a lock owner will not come back. */
record ReleaseLockOwner(long clientId, Bytes owner) implements Operation {
    static ReleaseLockOwner decode(XdrReader in) throws XdrException {
        return new ReleaseLockOwner(in.readHyper(), Wire.readOwner(in));
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException {
        Client client = compound.state().clients().client40(clientId);
        compound.state().files().releaseLockOwner(client, owner);
        return NfsStatus.OK;
    }
}
