package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.server.nfs.state.LockRequest;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** LOCKU (section 18.12): unlocks a range of the current file. */
record Unlock(LockMode mode, int seqid, Stateid stateid, long offset, long length) implements Operation {
    static Unlock decode(XdrReader in) throws XdrException {
        return new Unlock(LockType.decode(in), in.readInt(), Wire.readStateid(in), in.readHyper(), in.readHyper());
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        Stateid lock = compound.resolve(stateid);
        return StatefulOperation.run(compound, result, lock, seqid, (same, body) -> {
            LockRequest request = new LockRequest(same.current(), mode, offset, length, false);
            Stateid unlocked = same.state().files().unlock(same.session(), lock, request);
            same.setStateid(unlocked);
            Wire.writeStateid(body, unlocked);
            return NfsStatus.OK;
        });
    }
}
