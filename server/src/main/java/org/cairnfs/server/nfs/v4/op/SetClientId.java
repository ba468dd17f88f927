package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.state.Callback40;
import org.cairnfs.server.nfs.state.SetClientIdRequest;
import org.cairnfs.server.nfs.state.SetClientIdResult;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * SETCLIENTID of 4.0 (RFC 7530 section 16.33): a client makes itself known.
 *
 * @param owner its name
 * @param callback where it wants callbacks
 */
record SetClientId(long verifier, Bytes owner, Callback40 callback) implements Operation {
    private static final int MAX_NETID_BYTES = 64;
    private static final int MAX_ADDRESS_BYTES = 256;

    static SetClientId decode(XdrReader in) throws XdrException {
        long verifier = in.readHyper();
        Bytes owner = Wire.readOwner(in);
        int program = in.readInt();
        String netid = in.readUtf8(MAX_NETID_BYTES);
        String address = in.readUtf8(MAX_ADDRESS_BYTES);
        return new SetClientId(verifier, owner, new Callback40(program, netid, address, in.readInt()));
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, XdrException {
        SetClientIdResult outcome = compound.state()
                .clients()
                .setClientId(new SetClientIdRequest(compound.principal(), verifier, owner, callback));
        if (outcome instanceof SetClientIdResult.InUse holder) {
            result.writeUtf8(holder.netid()).writeUtf8(holder.address());
            return NfsStatus.CLID_INUSE;
        }
        SetClientIdResult.Granted granted = (SetClientIdResult.Granted) outcome;
        result.writeHyper(granted.clientId()).writeHyper(granted.confirm());
        return NfsStatus.OK;
    }
}
