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

/** OPEN_DOWNGRADE (section 18.18): gives back some of what an open allows and denies. */
record OpenDowngrade(Stateid stateid, int seqid, OpenShare share) implements Operation {
    static OpenDowngrade decode(XdrReader in) throws XdrException {
        return new OpenDowngrade(Wire.readStateid(in), in.readInt(), new OpenShare(in.readInt(), in.readInt()));
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        Stateid open = compound.resolve(stateid);
        return StatefulOperation.run(compound, result, open, seqid, (same, body) -> {
            share.check(same.minorVersion());
            Stateid downgraded = same.state()
                    .files()
                    .openDowngrade(same.session(), open, same.current(), share.access(), share.deny());
            same.setStateid(downgraded);
            Wire.writeStateid(body, downgraded);
            return NfsStatus.OK;
        });
    }
}
