package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.state.Client;
import org.cairnfs.server.nfs.state.DelegationAnswer;
import org.cairnfs.server.nfs.state.DelegationAnswer.Reason;
import org.cairnfs.server.nfs.state.DelegationRequest;
import org.cairnfs.server.nfs.state.OpenGrant;
import org.cairnfs.server.nfs.state.OpenRequest;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * The delegation that goes along with an OPEN, or why there is none (open_delegation4, RFC 8881 section 18.16.3). Only read
 * delegations are given, for OPENs that only read.
 *
 * @param wanted what the client asked for: one of the {@code WANT} constants of {@link OpenShare}; only one that asked for something hears
 *     why it got nothing
 * @param answer null if none could be given to such an OPEN
 */
record OpenDelegation(int wanted, DelegationAnswer answer) {
    private static final int OPEN_DELEGATE_NONE = 0;
    private static final int OPEN_DELEGATE_READ = 1;
    private static final int OPEN_DELEGATE_NONE_EXT = 3;

    private static final int WND4_NOT_WANTED = 0;
    private static final int WND4_CONTENTION = 1;
    private static final int WND4_RESOURCE = 2;
    private static final int WND4_WRITE_DELEG_NOT_SUPP_FTYPE = 4;
    private static final int WND4_CANCELLED = 7;

    /** The one of an OPEN that succeeded in all else, and whose file is the current one now. */
    static OpenDelegation of(Compound compound, Client client, Open open, OpenRequest request, OpenGrant grant)
            throws NfsException {
        int wanted = open.share().wanted();
        boolean reclaim = open.claim().reclaimsRead();
        if (!reclaim && (grant.confirm() || !isForReading(request) || !isNew(open.claim()) || !mayBeRead(wanted))) {
            return new OpenDelegation(wanted, null);
        }
        DelegationRequest delegation =
                new DelegationRequest(request.inode(), Bytes.copyOf(compound.wireHandle()), compound.uid(), reclaim);
        return new OpenDelegation(wanted, compound.state().files().delegate(client, delegation));
    }

    private static boolean isForReading(OpenRequest request) {
        return request.access() == OpenRequest.READ && (request.deny() & OpenRequest.READ) == 0;
    }

    /** What opens by the right of a delegation has one, and what is reclaimed had none. */
    private static boolean isNew(OpenClaim claim) {
        return claim.kind() == OpenClaim.Kind.NULL || claim.kind() == OpenClaim.Kind.FH;
    }

    private static boolean mayBeRead(int wanted) {
        return wanted == OpenShare.WANT_NO_PREFERENCE
                || wanted == OpenShare.WANT_READ_DELEG
                || wanted == OpenShare.WANT_ANY_DELEG;
    }

    void encode(XdrWriter out) throws XdrException {
        if (answer instanceof DelegationAnswer.Granted granted) {
            out.writeInt(OPEN_DELEGATE_READ);
            Wire.writeStateid(out, granted.stateid());
            out.writeBoolean(granted.recall());
            writeNobody(out);
        } else if (wanted == OpenShare.WANT_NO_PREFERENCE) {
            out.writeInt(OPEN_DELEGATE_NONE);
        } else {
            out.writeInt(OPEN_DELEGATE_NONE_EXT);
            writeWhyNot(out);
        }
    }

    /** nfsace4: whom the client may let read without ACCESS. It is to ask for everybody. */
    private static void writeNobody(XdrWriter out) throws XdrException {
        out.writeInt(0).writeInt(0).writeInt(0).writeUtf8("");
    }

    private void writeWhyNot(XdrWriter out) throws XdrException {
        switch (wanted) {
            case OpenShare.WANT_NO_DELEG -> out.writeInt(WND4_NOT_WANTED);
            case OpenShare.WANT_CANCEL -> out.writeInt(WND4_CANCELLED);
            case OpenShare.WANT_WRITE_DELEG -> out.writeInt(WND4_WRITE_DELEG_NOT_SUPP_FTYPE);
            // And the server will not tell when it has one to give.
            default ->
                out.writeInt(isContended() ? WND4_CONTENTION : WND4_RESOURCE).writeBoolean(false);
        }
    }

    private boolean isContended() {
        return answer instanceof DelegationAnswer.Refused refused && refused.reason() == Reason.CONTENTION;
    }
}
