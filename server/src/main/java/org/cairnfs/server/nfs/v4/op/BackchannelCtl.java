package org.cairnfs.server.nfs.v4.op;

import java.util.Optional;
import org.cairnfs.server.nfs.state.CallbackCredential;
import org.cairnfs.server.nfs.state.SlotTurn;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** BACKCHANNEL_CTL (section 18.33): changes the program number and the credential of callbacks. */
record BackchannelCtl(int program, Optional<CallbackCredential> credential) implements Operation {
    static BackchannelCtl decode(XdrReader in) throws XdrException {
        return new BackchannelCtl(in.readInt(), SecurityFlavor.readCallbackCredential(in));
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException {
        SlotTurn turn = compound.turn().orElseThrow(() -> new NfsException(NfsStatus.OP_NOT_IN_SESSION, "no session"));
        compound.state().clients().changeCallbacks(turn, program, credential);
        return NfsStatus.OK;
    }
}
