package org.cairnfs.server.nfs.v4.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.xdr.XdrReader;

/** A confirmed client of 4.0 with one open owner. Used by one thread at a time. */
public final class Client40 {
    public static final String OWNER = "open owner";

    private final Nfs4TestClient client;
    private final long id;
    private int seqid;

    private Client40(Nfs4TestClient client, long id) {
        this.client = client;
        this.id = id;
    }

    /** A client that cannot be called back. */
    public static Client40 open(Transport transport, String owner) throws Exception {
        return open(transport, owner, StateOps.NO_CALLBACK_SERVICE);
    }

    public static Client40 open(Transport transport, String owner, String callbackService) throws Exception {
        Nfs4TestClient client = new Nfs4TestClient(transport);
        XdrReader in = client.call(0, StateOps.setClientId(77, owner, callbackService))
                .ok(OpCode.SETCLIENTID)
                .in();
        long id = in.readHyper();
        long confirm = in.readHyper();
        client.call(0, StateOps.setClientIdConfirm(id, confirm))
                .ok(OpCode.SETCLIENTID_CONFIRM)
                .end();
        return new Client40(client, id);
    }

    public long id() {
        return id;
    }

    /** The owner's next sequence number. */
    public int nextSeqid() {
        return ++seqid;
    }

    public Reply run(Op... operations) throws Exception {
        return client.call(0, operations);
    }

    /** Runs operations of which the last ends with this status, and all before it with OK. */
    public void expect(NfsStatus status, Op... operations) throws Exception {
        Reply reply = run(operations);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.count()).isEqualTo(operations.length);
    }

    /** Opens a file in the root for reading and writing, making it if need be, and confirms the owner. */
    public Session41.OpenFile create(String name) throws Exception {
        Op open = StateOps.open(
                nextSeqid(),
                StateOps.BOTH,
                0,
                id,
                OWNER,
                StateOps.unchecked(Fattr.mode(0644)),
                StateOps.claimNull(name));
        Reply reply = run(Ops.putRootFh(), open, Ops.getFh()).ok(OpCode.PUTROOTFH);
        Reply.Opened opened = reply.opened();
        byte[] handle = reply.ok(OpCode.GETFH).handle();
        if (!opened.mustConfirm()) {
            return Session41.OpenFile.of(handle, opened.stateid());
        }
        Stateid confirmed = run(Ops.putFh(handle), StateOps.openConfirm(opened.stateid(), nextSeqid()))
                .ok(OpCode.PUTFH, OpCode.OPEN_CONFIRM)
                .stateid();
        return Session41.OpenFile.of(handle, confirmed);
    }
}
