package org.cairnfs.server.nfs.v4.op;

import java.net.InetAddress;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.state.Callback40;
import org.cairnfs.server.nfs.state.SetClientIdRequest;
import org.cairnfs.server.nfs.state.SetClientIdResult;
import org.cairnfs.server.nfs.v3.portmap.UniversalAddress;
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

    /** Whether the callback is the caller's own: the address that it came from, so not from behind another. */
    private Callback40 callbackOf(Compound compound) {
        InetAddress from = compound.call().connection().remoteAddress().getAddress();
        boolean isCallers = UniversalAddress.parse(callback.address())
                .filter(address -> address.getAddress().equals(from))
                .isPresent();
        return new Callback40(callback.program(), callback.netid(), callback.address(), callback.ident(), isCallers);
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, XdrException {
        SetClientIdResult outcome = compound.state()
                .clients()
                .setClientId(new SetClientIdRequest(compound.principal(), verifier, owner, callbackOf(compound)));
        if (outcome instanceof SetClientIdResult.InUse holder) {
            result.writeUtf8(holder.netid()).writeUtf8(holder.address());
            return NfsStatus.CLID_INUSE;
        }
        SetClientIdResult.Granted granted = (SetClientIdResult.Granted) outcome;
        result.writeHyper(granted.clientId()).writeHyper(granted.confirm());
        return NfsStatus.OK;
    }
}
