package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** CLOSE (section 18.2): ends an open, with its locks. */
record Close(int seqid, Stateid stateid) implements Operation {
    static Close decode(XdrReader in) throws XdrException {
        return new Close(in.readInt(), Wire.readStateid(in));
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        Stateid open = compound.resolve(stateid);
        return StatefulOperation.run(compound, result, open, seqid, (same, body) -> {
            Wire.writeStateid(body, same.state().files().close(same.session(), open, same.current()));
            same.setStateid(Stateid.INVALID);
            return NfsStatus.OK;
        });
    }
}
