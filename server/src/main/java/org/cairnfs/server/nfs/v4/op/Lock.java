package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.server.nfs.state.FileStates;
import org.cairnfs.server.nfs.state.LockRequest;
import org.cairnfs.server.nfs.state.LockResult;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** LOCK (section 18.10): locks a range of the current file, or says who has. */
record Lock(LockMode mode, boolean reclaim, long offset, long length, Locker locker) implements Operation {
    /** Who locks: locker4. */
    sealed interface Locker {}

    /** A lock owner that has no lock of this file yet: its open is named, and in 4.0 the turn of the open's owner taken. */
    record New(int openSeqid, Stateid open, int lockSeqid, long clientId, Bytes owner) implements Locker {}

    /** A lock owner that has a stateid for this file. */
    record Existing(Stateid lock, int lockSeqid) implements Locker {}

    static Lock decode(XdrReader in) throws XdrException {
        LockMode mode = LockType.decode(in);
        boolean reclaim = in.readBoolean();
        long offset = in.readHyper();
        long length = in.readHyper();
        Locker locker = in.readBoolean()
                ? new New(in.readInt(), Wire.readStateid(in), in.readInt(), in.readHyper(), Wire.readOwner(in))
                : new Existing(Wire.readStateid(in), in.readInt());
        return new Lock(mode, reclaim, offset, length, locker);
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        LockRequest request = new LockRequest(compound.current(), mode, offset, length, reclaim);
        return locker instanceof New first
                ? first(compound, result, first, request)
                : further(compound, result, (Existing) locker, request);
    }

    private static NfsStatus first(Compound compound, XdrWriter result, New locker, LockRequest request)
            throws NfsException, FsException, XdrException {
        FileStates files = compound.state().files();
        Stateid open = compound.resolve(locker.open());
        Operation lock = (same, body) -> answer(same, body, files.lock(same.session(), open, locker.owner(), request));
        if (compound.session().isPresent()) {
            return lock.execute(compound, result);
        }
        compound.state().clients().client40(locker.clientId());
        return OwnerSequence.run(
                compound,
                result,
                () -> files.lockTurn(open, locker.openSeqid(), locker.owner(), locker.lockSeqid()),
                lock);
    }

    private static NfsStatus further(Compound compound, XdrWriter result, Existing locker, LockRequest request)
            throws NfsException, FsException, XdrException {
        Stateid stateid = compound.resolve(locker.lock());
        return StatefulOperation.run(
                compound,
                result,
                stateid,
                locker.lockSeqid(),
                (same, body) -> answer(same, body, same.state().files().lock(same.session(), stateid, request)));
    }

    private static NfsStatus answer(Compound compound, XdrWriter result, LockResult outcome)
            throws NfsException, XdrException {
        if (outcome instanceof LockResult.Denied denied) {
            return LockType.writeDenied(result, denied);
        }
        Stateid stateid = ((LockResult.Granted) outcome).stateid();
        compound.setStateid(stateid);
        Wire.writeStateid(result, stateid);
        return NfsStatus.OK;
    }
}
