package org.cairnfs.server.nfs.v4.op;

import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.server.nfs.state.Client;
import org.cairnfs.server.nfs.state.LockRequest;
import org.cairnfs.server.nfs.state.LockResult;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * LOCKT (section 18.11): whether a lock of the current file would be granted.
 *
 * @param clientId of the owner, in 4.0
 */
record LockTest(LockMode mode, long offset, long length, long clientId, Bytes owner) implements Operation {
    static LockTest decode(XdrReader in) throws XdrException {
        return new LockTest(LockType.decode(in), in.readHyper(), in.readHyper(), in.readHyper(), Wire.readOwner(in));
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        FileTypes.requireRegular(compound);
        Client client = compound.session().isPresent()
                ? compound.session().get()
                : compound.state().clients().client40(clientId);
        LockRequest request = new LockRequest(compound.current(), mode, offset, length, false);
        Optional<LockResult.Denied> denied = compound.state().files().lockTest(client, owner, request);
        return denied.isPresent() ? LockType.writeDenied(result, denied.get()) : NfsStatus.OK;
    }
}
