package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.server.nfs.state.FileStates;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** OPEN_CONFIRM of 4.0 (RFC 7530 section 16.18): confirms the first OPEN of an owner. */
record OpenConfirm(Stateid stateid, int seqid) implements Operation {
    static OpenConfirm decode(XdrReader in) throws XdrException {
        return new OpenConfirm(Wire.readStateid(in), in.readInt());
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, XdrException {
        FileHandle file = compound.current();
        FileStates files = compound.state().files();
        return OwnerSequence.run(compound, result, () -> files.turn(stateid, seqid), (same, body) -> {
            Wire.writeStateid(body, files.openConfirm(stateid, file));
            return NfsStatus.OK;
        });
    }
}
