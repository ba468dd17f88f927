package org.cairnfs.server.nfs.v4.testing;

import org.cairnfs.server.nfs.state.SessionId;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * The operations of NFSv4 on what a client holds (opens, locks, its identity, its sessions), as a client encodes them: written
 * from the RFCs, and knowing nothing of the server's classes.
 */
public final class StateOps {
    public static final int READ = 1;
    public static final int WRITE = 2;
    public static final int BOTH = 3;

    public static final int READ_LT = 1;
    public static final int WRITE_LT = 2;

    public static final long TO_END = -1;

    /** The universal address of a port where nobody is. */
    static final String NO_CALLBACK_SERVICE = "127.0.0.1.0.9";

    private StateOps() {}

    // ---- opens

    /** What OPEN does with a name that is not there: openflag4. */
    public static Op.Arguments noCreate() {
        return out -> out.writeInt(0);
    }

    public static Op.Arguments unchecked(Fattr attributes) {
        return createMode(0, attributes);
    }

    public static Op.Arguments guarded(Fattr attributes) {
        return createMode(1, attributes);
    }

    private static Op.Arguments createMode(int mode, Fattr attributes) {
        return out -> {
            out.writeInt(1).writeInt(mode);
            attributes.write(out);
        };
    }

    public static Op.Arguments exclusive(long verifier) {
        return out -> out.writeInt(1).writeInt(2).writeHyper(verifier);
    }

    public static Op.Arguments exclusive41(long verifier, Fattr attributes) {
        return out -> {
            out.writeInt(1).writeInt(3).writeHyper(verifier);
            attributes.write(out);
        };
    }

    /** open_claim4. */
    public static Op.Arguments claimNull(String name) {
        return out -> out.writeInt(0).writeUtf8(name);
    }

    public static Op.Arguments claimPrevious() {
        return out -> out.writeInt(1).writeInt(0);
    }

    /** Of an open with a read delegation. */
    public static Op.Arguments claimPreviousDelegation() {
        return out -> out.writeInt(1).writeInt(1);
    }

    /** CLAIM_DELEGATE_CUR. */
    public static Op.Arguments claimDelegation(Stateid delegation, String name) {
        return out -> {
            out.writeInt(2);
            Wire.writeStateid(out, delegation);
            out.writeUtf8(name);
        };
    }

    /** CLAIM_DELEG_CUR_FH. */
    public static Op.Arguments claimDelegation(Stateid delegation) {
        return out -> {
            out.writeInt(5);
            Wire.writeStateid(out, delegation);
        };
    }

    public static Op.Arguments claimFh() {
        return out -> out.writeInt(4);
    }

    public static Op open(
            int seqid, int access, int deny, long clientId, String owner, Op.Arguments how, Op.Arguments claim) {
        return Op.of(OpCode.OPEN, out -> {
            out.writeInt(seqid).writeInt(access).writeInt(deny).writeHyper(clientId);
            out.writeUtf8(owner);
            how.write(out);
            claim.write(out);
        });
    }

    /** OPEN in a session, where neither seqid nor client id count. */
    public static Op open(int access, int deny, String owner, Op.Arguments how, Op.Arguments claim) {
        return open(0, access, deny, 0, owner, how, claim);
    }

    public static Op openConfirm(Stateid stateid, int seqid) {
        return Op.of(OpCode.OPEN_CONFIRM, out -> {
            Wire.writeStateid(out, stateid);
            out.writeInt(seqid);
        });
    }

    public static Op openDowngrade(Stateid stateid, int seqid, int access, int deny) {
        return Op.of(OpCode.OPEN_DOWNGRADE, out -> {
            Wire.writeStateid(out, stateid);
            out.writeInt(seqid).writeInt(access).writeInt(deny);
        });
    }

    public static Op close(int seqid, Stateid stateid) {
        return Op.of(OpCode.CLOSE, out -> {
            out.writeInt(seqid);
            Wire.writeStateid(out, stateid);
        });
    }

    // ---- locks

    public static Op lockNew(
            int type,
            long offset,
            long length,
            int openSeqid,
            Stateid open,
            int lockSeqid,
            long clientId,
            String owner) {
        return lockNew(type, false, offset, length, openSeqid, open, lockSeqid, clientId, owner);
    }

    public static Op lockNew(
            int type,
            boolean reclaim,
            long offset,
            long length,
            int openSeqid,
            Stateid open,
            int lockSeqid,
            long clientId,
            String owner) {
        return Op.of(OpCode.LOCK, out -> {
            out.writeInt(type).writeBoolean(reclaim).writeHyper(offset).writeHyper(length);
            out.writeBoolean(true).writeInt(openSeqid);
            Wire.writeStateid(out, open);
            out.writeInt(lockSeqid).writeHyper(clientId).writeUtf8(owner);
        });
    }

    public static Op lock(int type, long offset, long length, Stateid lock, int lockSeqid) {
        return Op.of(OpCode.LOCK, out -> {
            out.writeInt(type).writeBoolean(false).writeHyper(offset).writeHyper(length);
            out.writeBoolean(false);
            Wire.writeStateid(out, lock);
            out.writeInt(lockSeqid);
        });
    }

    public static Op lockTest(int type, long offset, long length, long clientId, String owner) {
        return Op.of(
                OpCode.LOCKT,
                out -> out.writeInt(type)
                        .writeHyper(offset)
                        .writeHyper(length)
                        .writeHyper(clientId)
                        .writeUtf8(owner));
    }

    public static Op unlock(int type, int seqid, Stateid lock, long offset, long length) {
        return Op.of(OpCode.LOCKU, out -> {
            out.writeInt(type).writeInt(seqid);
            Wire.writeStateid(out, lock);
            out.writeHyper(offset).writeHyper(length);
        });
    }

    public static Op releaseLockOwner(long clientId, String owner) {
        return Op.of(OpCode.RELEASE_LOCKOWNER, out -> out.writeHyper(clientId).writeUtf8(owner));
    }

    // ---- clients

    public static Op setClientId(long verifier, String owner) {
        return setClientId(verifier, owner, NO_CALLBACK_SERVICE);
    }

    /** @param callbackService universal address, of TCP over IPv4 */
    public static Op setClientId(long verifier, String owner, String callbackService) {
        return Op.of(
                OpCode.SETCLIENTID,
                out -> out.writeHyper(verifier)
                        .writeUtf8(owner)
                        .writeInt(0x4000_0000)
                        .writeUtf8("tcp")
                        .writeUtf8(callbackService)
                        .writeInt(7));
    }

    public static Op setClientIdConfirm(long clientId, long confirm) {
        return Op.of(OpCode.SETCLIENTID_CONFIRM, out -> out.writeHyper(clientId).writeHyper(confirm));
    }

    public static Op renew(long clientId) {
        return Op.of(OpCode.RENEW, out -> out.writeHyper(clientId));
    }

    public static Op exchangeId(long verifier, String owner, int flags) {
        return Op.of(
                OpCode.EXCHANGE_ID,
                out -> out.writeHyper(verifier)
                        .writeUtf8(owner)
                        .writeInt(flags)
                        .writeInt(0)
                        .writeInt(1)
                        .writeUtf8("cairnfs.org")
                        .writeUtf8("test client")
                        .writeHyper(0)
                        .writeInt(0));
    }

    /**
     * CREATE_SESSION.
     *
     * @param slots of the fore channel
     */
    public static Op createSession(long clientId, int sequence, int maxResponse, int maxCached, int slots) {
        return Op.of(OpCode.CREATE_SESSION, out -> {
            out.writeHyper(clientId).writeInt(sequence).writeInt(0);
            writeChannel(out, 2 << 20, maxResponse, maxCached, slots);
            writeChannel(out, 4096, 4096, 4096, 1);
            out.writeInt(0x4000_0000);
            out.writeInt(2).writeInt(0);
            out.writeInt(1).writeInt(0).writeUtf8("host").writeInt(0).writeInt(0);
            out.writeInts(1, 2, 3);
        });
    }

    private static void writeChannel(XdrWriter out, int request, int response, int cached, int slots)
            throws XdrException {
        out.writeInt(0).writeInt(request).writeInt(response).writeInt(cached);
        out.writeInt(64).writeInt(slots).writeInts();
    }

    public static Op sequence(SessionId session, int sequence, int slot, int highest, boolean cache) {
        return Op.of(OpCode.SEQUENCE, out -> {
            Wire.writeSessionId(out, session);
            out.writeInt(sequence).writeInt(slot).writeInt(highest).writeBoolean(cache);
        });
    }

    public static Op destroySession(SessionId session) {
        return Op.of(OpCode.DESTROY_SESSION, out -> Wire.writeSessionId(out, session));
    }

    public static Op destroyClientId(long clientId) {
        return Op.of(OpCode.DESTROY_CLIENTID, out -> out.writeHyper(clientId));
    }

    public static Op bindConnToSession(SessionId session, int direction) {
        return Op.of(OpCode.BIND_CONN_TO_SESSION, out -> {
            Wire.writeSessionId(out, session);
            out.writeInt(direction).writeBoolean(false);
        });
    }

    public static Op backchannelCtl(int program) {
        return Op.of(
                OpCode.BACKCHANNEL_CTL, out -> out.writeInt(program).writeInt(1).writeInt(0));
    }

    public static Op reclaimComplete(boolean oneFileSystem) {
        return Op.of(OpCode.RECLAIM_COMPLETE, out -> out.writeBoolean(oneFileSystem));
    }

    public static Op freeStateid(Stateid stateid) {
        return Op.of(OpCode.FREE_STATEID, out -> Wire.writeStateid(out, stateid));
    }

    public static Op testStateid(Stateid... stateids) {
        return Op.of(OpCode.TEST_STATEID, out -> {
            out.writeInt(stateids.length);
            for (Stateid stateid : stateids) {
                Wire.writeStateid(out, stateid);
            }
        });
    }

    public static Op delegReturn(Stateid stateid) {
        return Op.of(OpCode.DELEGRETURN, out -> Wire.writeStateid(out, stateid));
    }
}
