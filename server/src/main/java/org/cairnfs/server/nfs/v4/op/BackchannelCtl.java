package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.server.nfs.state.SlotTurn;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** BACKCHANNEL_CTL (section 18.33): changes the program number of callbacks. */
record BackchannelCtl(int program) implements Operation {
    static BackchannelCtl decode(XdrReader in) throws XdrException {
        int program = in.readInt();
        SecurityFlavor.skipCallbackParameters(in);
        return new BackchannelCtl(program);
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException {
        SlotTurn turn = compound.turn().orElseThrow(() -> new NfsException(NfsStatus.OP_NOT_IN_SESSION, "no session"));
        compound.state().clients().setCallbackProgram(turn, program);
        return NfsStatus.OK;
    }
}
