package org.cairnfs.server.nfs.v4.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.state.SessionId;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/** A client of 4.1, or of a later minor version, with one session, which uses slot 0 unless told otherwise. Used by one thread at a time. */
public final class Session41 {
    private static final int SLOTS = 8;

    private final Nfs4TestClient client;
    private final int minorVersion;
    private final long clientId;
    private final SessionId id;
    private final int[] sequences = new int[SLOTS];

    private Session41(Nfs4TestClient client, int minorVersion, long clientId, SessionId id) {
        this.client = client;
        this.minorVersion = minorVersion;
        this.clientId = clientId;
        this.id = id;
    }

    /** A client that is new, and has nothing to reclaim. */
    public static Session41 open(Transport transport, String owner) throws Exception {
        return withoutReclaim(openInGrace(transport, owner, 1));
    }

    /** The same, of 4.2. */
    public static Session41 open42(Transport transport, String owner) throws Exception {
        return withoutReclaim(open(transport, 2, owner, 1, 2 << 20, 8192));
    }

    private static Session41 withoutReclaim(Session41 session) throws Exception {
        session.run(StateOps.reclaimComplete(false)).ok(OpCode.RECLAIM_COMPLETE).end();
        return session;
    }

    /** A client that may reclaim. */
    public static Session41 openInGrace(Transport transport, String owner, long verifier) throws Exception {
        return open(transport, owner, verifier, 2 << 20, 8192);
    }

    public static Session41 open(Transport transport, String owner, long verifier, int maxResponse, int maxCached)
            throws Exception {
        return open(transport, 1, owner, verifier, maxResponse, maxCached);
    }

    public static Session41 open(
            Transport transport, int minorVersion, String owner, long verifier, int maxResponse, int maxCached)
            throws Exception {
        Nfs4TestClient client = new Nfs4TestClient(transport);
        XdrReader in = client.call(minorVersion, StateOps.exchangeId(verifier, owner, 0))
                .ok(OpCode.EXCHANGE_ID)
                .in();
        long clientId = in.readHyper();
        int sequence = in.readInt();
        in = client.call(minorVersion, StateOps.createSession(clientId, sequence, maxResponse, maxCached, SLOTS))
                .ok(OpCode.CREATE_SESSION)
                .in();
        return new Session41(client, minorVersion, clientId, Wire.readSessionId(in));
    }

    public long clientId() {
        return clientId;
    }

    public SessionId id() {
        return id;
    }

    public Nfs4TestClient client() {
        return client;
    }

    /** Runs operations after a SEQUENCE, whose result has been read. */
    public Reply run(Op... operations) throws Exception {
        return run(false, operations);
    }

    /** The same, asking that the reply be kept. */
    public Reply runCached(Op... operations) throws Exception {
        return run(true, operations);
    }

    private Reply run(boolean cache, Op... operations) throws Exception {
        sequences[0]++;
        return resend(cache, operations);
    }

    /** Runs operations with the sequence number that was used last. */
    public Reply resend(boolean cache, Op... operations) throws Exception {
        Reply reply = raw(0, sequences[0], cache, operations);
        readSequence(reply);
        return reply;
    }

    /** Sends a SEQUENCE of any kind with operations after it. */
    public Reply raw(int slot, int sequence, boolean cache, Op... operations) throws Exception {
        List<Op> all = new ArrayList<>();
        all.add(StateOps.sequence(id, sequence, slot, slot, cache));
        all.addAll(Arrays.asList(operations));
        return client.call("", minorVersion, all);
    }

    /** The sequence number that slot 0 had last. */
    public int sequence() {
        return sequences[0];
    }

    /** Reads the result of SEQUENCE, which must be OK. */
    public static void readSequence(Reply reply) throws XdrException {
        XdrReader in = reply.ok(OpCode.SEQUENCE).in();
        Wire.readSessionId(in);
        for (int i = 0; i < 5; i++) {
            in.readInt();
        }
    }

    /** sr_status_flags of a SEQUENCE alone. */
    public int flags() throws Exception {
        sequences[0]++;
        XdrReader in = raw(0, sequences[0], false).ok(OpCode.SEQUENCE).in();
        Wire.readSessionId(in);
        for (int i = 0; i < 4; i++) {
            in.readInt();
        }
        return in.readInt();
    }

    /** Runs operations of which the last ends with this status, and all before it with OK. */
    public void expect(NfsStatus status, Op... operations) throws Exception {
        Reply reply = run(operations);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.count()).isEqualTo(operations.length + 1);
    }

    // ---- what tests do all the time

    /** The handle of a path below the root. */
    public byte[] handle(String... path) throws Exception {
        List<Op> operations = new ArrayList<>(List.of(Ops.putRootFh()));
        for (String name : path) {
            operations.add(Ops.lookup(name));
        }
        operations.add(Ops.getFh());
        Reply reply = run(operations.toArray(new Op[0])).ok(OpCode.PUTROOTFH);
        for (int i = 0; i < path.length; i++) {
            reply.ok(OpCode.LOOKUP);
        }
        return reply.ok(OpCode.GETFH).handle();
    }

    /** An open of a file in the root: the handle and the stateid. */
    public record OpenFile(Bytes file, Stateid stateid) {
        public static OpenFile of(byte[] handle, Stateid stateid) {
            return new OpenFile(Bytes.copyOf(handle), stateid);
        }

        public byte[] handle() {
            return file.toArray();
        }
    }

    public OpenFile create(String name) throws Exception {
        return open(name, "owner", StateOps.BOTH, 0, StateOps.unchecked(Fattr.mode(0644)));
    }

    public OpenFile open(String name, String owner, int access, int deny, Op.Arguments how) throws Exception {
        Reply reply =
                run(Ops.putRootFh(), StateOps.open(access, deny, owner, how, StateOps.claimNull(name)), Ops.getFh());
        reply.ok(OpCode.PUTROOTFH);
        Stateid stateid = reply.opened().stateid();
        return OpenFile.of(reply.ok(OpCode.GETFH).handle(), stateid);
    }

    public void close(OpenFile file) throws Exception {
        run(Ops.putFh(file.handle()), StateOps.close(0, file.stateid())).ok(OpCode.PUTFH, OpCode.CLOSE);
    }

    public void write(OpenFile file, long offset, byte[] data) throws Exception {
        Reply reply = run(Ops.putFh(file.handle()), Ops.write(file.stateid(), offset, Ops.UNSTABLE, data));
        assertThat(reply.ok(OpCode.PUTFH, OpCode.WRITE).in().readInt()).isEqualTo(data.length);
    }

    public byte[] read(OpenFile file, long offset, int count) throws Exception {
        Reply reply = run(Ops.putFh(file.handle()), Ops.read(file.stateid(), offset, count));
        return reply.ok(OpCode.PUTFH, OpCode.READ).data().bytes();
    }
}
