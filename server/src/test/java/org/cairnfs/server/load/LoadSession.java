package org.cairnfs.server.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.cairnfs.server.load.Results.FailedException;
import org.cairnfs.server.nfs.state.SessionId;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.StateOps;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * A client of NFSv4.1 with a connection and a session of its own. A slot holds one request at a time; replies come in any order. For one thread.
 *
 * <p>Invariant: the sequence number of a slot goes up by one with each request on it.
 */
final class LoadSession implements AutoCloseable {
    private static final int LARGEST = (1 << 20) + (64 << 10);
    private static final int MINOR = 1;

    /** How often, and for how long each, it is asked again while the server is in its grace period or wants to be asked later. */
    private static final int PATIENCE = 600;

    private static final long PATIENCE_MILLIS = 200;

    private final LoadConnection connection;
    private final long clientId;
    private final SessionId id;
    private final int[] sequences;
    private int calls;

    /** A reply, until the next one is received. */
    record Received(int slot, Results results) {}

    private LoadSession(LoadConnection connection, long clientId, SessionId id, int slots) {
        this.connection = connection;
        this.clientId = clientId;
        this.id = id;
        this.sequences = new int[slots];
    }

    /**
     * Connects.
     *
     * @param owner the client, which must be another each time
     * @param slots as many as requests are to be in flight
     * @throws IOException also when the server gives fewer slots
     */
    static LoadSession open(InetSocketAddress server, String owner, int slots)
            throws IOException, XdrException, FailedException {
        LoadConnection connection = new LoadConnection(server, owner);
        XdrReader in = bare(connection, StateOps.exchangeId(System.nanoTime(), owner, 0))
                .ok(OpCode.EXCHANGE_ID)
                .in();
        long clientId = in.readHyper();
        int sequence = in.readInt();
        in = bare(connection, StateOps.createSession(clientId, sequence, LARGEST, 8192, slots))
                .ok(OpCode.CREATE_SESSION)
                .in();
        SessionId id = Wire.readSessionId(in);
        in.readInt();
        in.readInt();
        for (int i = 0; i < 5; i++) {
            in.readInt();
        }
        int granted = in.readInt();
        if (granted < slots) {
            throw new IOException("the server gives " + granted + " slots, of " + slots);
        }
        LoadSession session = new LoadSession(connection, clientId, id, slots);
        session.call(StateOps.reclaimComplete(false)).ok(OpCode.RECLAIM_COMPLETE);
        return session;
    }

    private static Results bare(LoadConnection connection, Op op) throws IOException, XdrException {
        XdrWriter out = new XdrWriter(LARGEST);
        out.writeInt(0).writeInt(MINOR).writeInt(1);
        Request.of(op).write(out);
        connection.send(-1, out);
        return new Results(connection.receive().results());
    }

    int slots() {
        return sequences.length;
    }

    /** Sends a request on a slot that has none. */
    void send(int slot, Request request) throws IOException, XdrException {
        XdrWriter out = new XdrWriter(2 * LARGEST);
        out.writeInt(0).writeInt(MINOR).writeInt(request.operations().size() + 1);
        Op sequence = StateOps.sequence(id, ++sequences[slot], slot, sequences.length - 1, false);
        out.writeInt(sequence.number()).writeFixedOpaque(sequence.arguments());
        request.write(out);
        connection.send(calls++ << 8 | slot, out);
    }

    /** The next reply, its SEQUENCE behind it, which must be OK. */
    Received receive() throws IOException, XdrException, FailedException {
        LoadConnection.Answer answer = connection.receive();
        Results results = new Results(answer.results());
        XdrReader in = results.ok(OpCode.SEQUENCE).in();
        Wire.readSessionId(in);
        for (int i = 0; i < 5; i++) {
            in.readInt();
        }
        return new Received(answer.xid() & 0xFF, results);
    }

    /** One request on the first slot, while there is no other, which is sent anew while the server is not ready for it. */
    Results call(Op... operations) throws IOException, XdrException, FailedException {
        for (int attempt = 0; ; attempt++) {
            send(0, Request.of(operations));
            Results results = receive().results();
            if (attempt >= PATIENCE || !results.isLater()) {
                return results;
            }
            pause();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the server was not ready", e);
        }
    }

    @Override
    public void close() throws IOException {
        try (connection) {
            bare(connection, StateOps.destroySession(id)).ok(OpCode.DESTROY_SESSION);
            bare(connection, StateOps.destroyClientId(clientId)).ok(OpCode.DESTROY_CLIENTID);
        } catch (XdrException | FailedException e) {
            throw new IOException("the session did not end: " + e.getMessage(), e);
        }
    }
}
