package org.cairnfs.server.nfs.v4.testing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.cairnfs.server.nfs.state.SessionId;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.attr.Bitmap4;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** The operations of NFSv4 as a client encodes them: written from the RFCs, and knowing nothing of the server's classes. */
public final class Ops {
    public static final int READ = 1;
    public static final int WRITE = 2;
    public static final int BOTH = 3;

    public static final int READ_LT = 1;
    public static final int WRITE_LT = 2;

    public static final int UNSTABLE = 0;
    public static final int FILE_SYNC = 2;

    public static final long TO_END = -1;

    private Ops() {}

    // ---- file handles

    public static Op putRootFh() {
        return Op.of(OpCode.PUTROOTFH, out -> {});
    }

    public static Op putPubFh() {
        return Op.of(OpCode.PUTPUBFH, out -> {});
    }

    public static Op putFh(byte[] handle) {
        return Op.of(OpCode.PUTFH, out -> out.writeOpaque(handle));
    }

    public static Op getFh() {
        return Op.of(OpCode.GETFH, out -> {});
    }

    public static Op saveFh() {
        return Op.of(OpCode.SAVEFH, out -> {});
    }

    public static Op restoreFh() {
        return Op.of(OpCode.RESTOREFH, out -> {});
    }

    public static Op lookup(String name) {
        return lookup(bytes(name));
    }

    public static Op lookup(byte[] name) {
        return Op.of(OpCode.LOOKUP, out -> out.writeOpaque(name));
    }

    public static Op lookupParent() {
        return Op.of(OpCode.LOOKUPP, out -> {});
    }

    // ---- attributes

    public static Op getAttr(Attr... attributes) {
        return getAttr(Arrays.stream(attributes).mapToInt(Attr::number).toArray());
    }

    public static Op getAttr(int... attributes) {
        return Op.of(OpCode.GETATTR, Bitmap4.of(attributes)::encode);
    }

    public static Op setAttr(Stateid stateid, Fattr attributes) {
        return Op.of(OpCode.SETATTR, out -> {
            Wire.writeStateid(out, stateid);
            attributes.write(out);
        });
    }

    public static Op verify(Fattr attributes) {
        return Op.of(OpCode.VERIFY, attributes::write);
    }

    public static Op nverify(Fattr attributes) {
        return Op.of(OpCode.NVERIFY, attributes::write);
    }

    public static Op access(int bits) {
        return Op.of(OpCode.ACCESS, out -> out.writeInt(bits));
    }

    // ---- contents

    public static Op read(Stateid stateid, long offset, int count) {
        return Op.of(OpCode.READ, out -> {
            Wire.writeStateid(out, stateid);
            out.writeHyper(offset).writeInt(count);
        });
    }

    public static Op write(Stateid stateid, long offset, int stable, byte[] data) {
        return Op.of(OpCode.WRITE, out -> {
            Wire.writeStateid(out, stateid);
            out.writeHyper(offset).writeInt(stable).writeOpaque(data);
        });
    }

    public static Op commit(long offset, int count) {
        return Op.of(OpCode.COMMIT, out -> out.writeHyper(offset).writeInt(count));
    }

    public static Op readLink() {
        return Op.of(OpCode.READLINK, out -> {});
    }

    // ---- names

    public static Op mkdir(String name, Fattr attributes) {
        return create(2, name, attributes);
    }

    public static Op symlink(String name, String target) {
        return Op.of(OpCode.CREATE, out -> {
            out.writeInt(5).writeUtf8(target).writeUtf8(name);
            Fattr.none().write(out);
        });
    }

    public static Op mknod(int type, String name, int major, int minor) {
        return Op.of(OpCode.CREATE, out -> {
            out.writeInt(type).writeInt(major).writeInt(minor).writeUtf8(name);
            Fattr.mode(0600).write(out);
        });
    }

    /** CREATE of a type that has no data of its own. */
    public static Op create(int type, String name, Fattr attributes) {
        return Op.of(OpCode.CREATE, out -> {
            out.writeInt(type).writeUtf8(name);
            attributes.write(out);
        });
    }

    public static Op remove(String name) {
        return Op.of(OpCode.REMOVE, out -> out.writeUtf8(name));
    }

    public static Op rename(String from, String to) {
        return Op.of(OpCode.RENAME, out -> out.writeUtf8(from).writeUtf8(to));
    }

    public static Op link(String name) {
        return Op.of(OpCode.LINK, out -> out.writeUtf8(name));
    }

    public static Op readDir(long cookie, long verifier, int names, int max, Attr... attributes) {
        return Op.of(OpCode.READDIR, out -> {
            out.writeHyper(cookie).writeHyper(verifier).writeInt(names).writeInt(max);
            Bitmap4.of(Arrays.stream(attributes).mapToInt(Attr::number).toArray())
                    .encode(out);
        });
    }

    public static Op secInfo(String name) {
        return Op.of(OpCode.SECINFO, out -> out.writeUtf8(name));
    }

    public static Op secInfoNoName(int style) {
        return Op.of(OpCode.SECINFO_NO_NAME, out -> out.writeInt(style));
    }

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
        return Op.of(
                OpCode.SETCLIENTID,
                out -> out.writeHyper(verifier)
                        .writeUtf8(owner)
                        .writeInt(0x4000_0000)
                        .writeUtf8("tcp")
                        .writeUtf8("127.0.0.1.0.9")
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

    public static byte[] bytes(String string) {
        return string.getBytes(StandardCharsets.UTF_8);
    }
}
