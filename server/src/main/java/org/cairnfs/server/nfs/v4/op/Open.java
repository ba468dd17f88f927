package org.cairnfs.server.nfs.v4.op;

import java.nio.ByteBuffer;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.state.Client;
import org.cairnfs.server.nfs.state.OpenGrant;
import org.cairnfs.server.nfs.state.OpenRequest;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * OPEN (section 18.16, RFC 7530 section 16.16): opens a regular file, which it may make before.
 *
 * @param seqid of the owner, in 4.0
 * @param share what is to be done with the file, and denied to others
 * @param clientId of the owner, in 4.0
 * @param identity what is to be made and where, by which a resend is known
 */
record Open(int seqid, OpenShare share, long clientId, Bytes owner, OpenHow how, OpenClaim claim, ByteBuffer identity)
        implements Operation {
    private static final int OPEN4_RESULT_CONFIRM = 0x02;
    private static final int OPEN4_RESULT_LOCKTYPE_POSIX = 0x04;
    private static final int OPEN4_RESULT_PRESERVE_UNLINKED = 0x08;

    static Open decode(XdrReader in, int minorVersion) throws XdrException, NfsException {
        int seqid = in.readInt();
        OpenShare share = new OpenShare(in.readInt(), in.readInt());
        long clientId = in.readHyper();
        Bytes owner = Wire.readOwner(in);
        int from = in.position();
        OpenHow how = OpenHow.decode(in, minorVersion);
        OpenClaim claim = OpenClaim.decode(in, minorVersion);
        return new Open(seqid, share, clientId, owner, how, claim, in.slice(from, in.position()));
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        compound.current();
        if (compound.session().isPresent()) {
            return open(compound, compound.session().get(), result);
        }
        Client client = compound.state().clients().client40(clientId);
        compound.actFor(client);
        return OwnerSequence.run(
                compound,
                result,
                () -> compound.state().files().openTurn(client, owner, seqid),
                (same, body) -> open(same, client, body));
    }

    private NfsStatus open(Compound compound, Client client, XdrWriter result)
            throws NfsException, FsException, XdrException {
        share.check(compound.minorVersion());
        boolean reclaim = claim.kind() == OpenClaim.Kind.PREVIOUS;
        compound.state().files().admitOpen(client, reclaim);
        OpenTarget target = OpenTarget.find(compound, this);
        if (claim.delegation() != null) {
            compound.state()
                    .files()
                    .checkClaim(client, compound.resolve(claim.delegation()), target.file(), share.access());
        }
        OpenRequest request =
                new OpenRequest(owner, target.file(), share.access(), share.deny(), reclaim, compound.uid());
        OpenGrant grant = compound.state().files().open(client, request);
        try {
            target.truncate(compound, this);
        } catch (NfsException | FsException e) {
            compound.state().files().undo(client, request, grant);
            throw e;
        }
        compound.moveTo(target.file());
        OpenDelegation delegation = OpenDelegation.of(compound, client, this, request, grant);
        compound.setStateid(grant.stateid());
        encode(compound, result, target, grant);
        delegation.encode(result);
        return NfsStatus.OK;
    }

    private void encode(Compound compound, XdrWriter result, OpenTarget target, OpenGrant grant) throws XdrException {
        Wire.writeStateid(result, grant.stateid());
        target.writeChange(result);
        int flags = OPEN4_RESULT_LOCKTYPE_POSIX;
        if (grant.confirm()) {
            flags |= OPEN4_RESULT_CONFIRM;
        }
        if (compound.minorVersion() > 0 && target.file().isInode()) {
            flags |= OPEN4_RESULT_PRESERVE_UNLINKED;
        }
        result.writeInt(flags);
        target.attributesSet().encode(result);
    }
}
