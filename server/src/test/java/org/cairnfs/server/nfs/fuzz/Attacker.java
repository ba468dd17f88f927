package org.cairnfs.server.nfs.fuzz;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cairnfs.server.nfs.rpc.RawClient;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/**
 * Sends damaged requests, and insists that each is answered or costs the connection, in time. Where a request begins with a SEQUENCE, its
 * number is mostly made the one that its session wants next: else no damage would get further than to the reply cache. Used by one thread.
 */
final class Attacker implements AutoCloseable {
    private static final int SESSION_ID_BYTES = 16;
    private static final int REPLY_HEADER_BYTES = 24;

    /** Where a call has its program, version and procedure. */
    private static final int PROGRAM_AT = 12;

    private static final int PROCEDURE_END = 24;
    private static final int MAX_TAG_BYTES = 1 << 20;

    /** Transaction id and type. */
    private static final int CALL_HEAD_BYTES = 8;

    /** Damage gets further where sane requests have led to, such as a delegation and its recall. */
    private static final int REPLAYS_ONE_IN = 20;

    private static final int MOST_REPLAYED = 12;

    private final InetSocketAddress server;
    private final Random random;
    private final Mutator mutator;
    private final Tally tally;
    private final Map<ByteBuffer, Integer> sequences = new HashMap<>();
    private final List<byte[]> bindings = new ArrayList<>();
    private RawClient connection;

    /** Answers to callbacks that damage has made calls of, which have no reply yet, if they get any. */
    private int strays;

    private int xid = 0x0A77_AC00;

    Attacker(InetSocketAddress server, Random random, Tally tally) {
        this.server = server;
        this.random = random;
        this.mutator = new Mutator(random);
        this.tally = tally;
    }

    /** Learns the sequence numbers of the sessions that these requests were sent in. */
    void learn(List<Request> requests) {
        sequences.clear();
        bindings.clear();
        for (Request request : requests) {
            if (isFirst(request, OpCode.BIND_CONN_TO_SESSION)) {
                bindings.add(request.message());
            }
            if (isSequence(request)) {
                ByteBuffer message = ByteBuffer.wrap(request.message());
                sequences.put(session(message, request), message.getInt(sequencePlace(request)));
            }
        }
    }

    private static boolean isSequence(Request request) {
        return isFirst(request, OpCode.SEQUENCE);
    }

    private static boolean isFirst(Request request, OpCode operation) {
        return request.isCompound()
                && ByteBuffer.wrap(request.message())
                                .getInt(request.operations().get(0))
                        == operation.number();
    }

    private static int sequencePlace(Request request) {
        return request.operations().get(0) + Integer.BYTES + SESSION_ID_BYTES;
    }

    private static ByteBuffer session(ByteBuffer message, Request request) {
        return message.slice(request.operations().get(0) + Integer.BYTES, SESSION_ID_BYTES);
    }

    /** Sends one damaged request made of these, or some broken records, or what the sane client sent, once more. */
    void attack(List<Request> from) throws IOException {
        if (random.nextInt(REPLAYS_ONE_IN) == 0) {
            int start = random.nextInt(from.size());
            for (Request request : from.subList(start, Math.min(start + MOST_REPLAYED, from.size()))) {
                tally.sent();
                sendWhole(request, request.message().clone());
            }
        }
        tally.sent();
        if (random.nextInt(10) == 0) {
            sendBroken(mutator.brokenRecords(from));
        } else {
            Mutator.Damaged damaged = mutator.message(from);
            sendWhole(damaged.request(), damaged.message());
        }
    }

    private void sendBroken(byte[] stream) throws IOException {
        try (RawClient other = new RawClient(server)) {
            other.send(stream);
            other.shutdownOutput();
            while (!other.isClosedByServer()) {
                // Whatever is answered is read, to the end.
            }
            tally.ended("RECORDS");
        } catch (SocketException closedWhileSending) {
            tally.ended("RECORDS");
        }
    }

    private void sendWhole(Request request, byte[] message) throws IOException {
        ByteBuffer words = ByteBuffer.wrap(message);
        words.putInt(0, ++xid);
        ByteBuffer session = null;
        if (isSequence(request) && message.length >= sequencePlace(request) + Integer.BYTES && random.nextInt(8) > 0) {
            session = session(ByteBuffer.wrap(request.message()), request);
            words.putInt(sequencePlace(request), sequences.getOrDefault(session, 0) + 1);
        }
        // Damage may have made another program's call of it.
        boolean isCompound = request.isCompound()
                && message.length >= PROCEDURE_END
                && Arrays.equals(message, PROGRAM_AT, PROCEDURE_END, request.message(), PROGRAM_AT, PROCEDURE_END);
        byte[] reply;
        try {
            if (connection == null) {
                connect();
            }
            connection.sendRecord(message);
            reply = receive(xid);
        } catch (EOFException | SocketException e) {
            tally.ended("CLOSED");
            close();
            return;
        }
        try {
            read(isCompound, reply, session);
        } catch (XdrException e) {
            throw new AssertionError("a reply that is not XDR", e);
        }
    }

    /** Connects, and has the callbacks of the sane client's sessions come here. */
    private void connect() throws IOException {
        connection = new RawClient(server);
        for (byte[] binding : bindings) {
            connection.sendRecord(binding);
            receive(ByteBuffer.wrap(binding).getInt());
        }
    }

    /** The next reply; callbacks before it are answered wrongly, rightly or not at all. */
    private byte[] receive(int expected) throws IOException {
        while (true) {
            byte[] message = connection.receiveRecord();
            try {
                if (!CallbackAnswers.isCall(message)) {
                    if (strays == 0 || ByteBuffer.wrap(message).getInt() == expected) {
                        return message;
                    }
                    strays--;
                    continue;
                }
                tally.ended("CALLBACK");
                if (random.nextInt(4) > 0) {
                    byte[] answer = mutator.answer(CallbackAnswers.to(message));
                    strays += answer.length >= CALL_HEAD_BYTES && CallbackAnswers.isCall(answer) ? 1 : 0;
                    connection.sendRecord(answer);
                }
            } catch (XdrException e) {
                throw new AssertionError("a callback that is not XDR", e);
            }
        }
    }

    private void read(boolean isCompound, byte[] reply, ByteBuffer session) throws XdrException {
        XdrReader in = new XdrReader(ByteBuffer.wrap(reply));
        if (in.readInt() != xid || in.readInt() != 1) {
            throw new AssertionError("a reply to something else");
        }
        if (in.readInt() != 0) {
            tally.ended("DENIED");
            return;
        }
        in.readHyper();
        int accepted = in.readInt();
        if (accepted != 0) {
            tally.ended("ACCEPT_STAT " + accepted);
        } else if (isCompound && reply.length > REPLY_HEADER_BYTES) {
            int status = in.readInt();
            tally.ended("NFS4 " + NfsStatus.ofCode(status).map(Enum::name).orElse("status " + status));
            in.skipOpaque(MAX_TAG_BYTES);
            if (session != null && in.readInt() > 0 && in.readInt() == OpCode.SEQUENCE.number() && in.readInt() == 0) {
                sequences.merge(session, 1, Integer::sum);
            }
        } else {
            tally.ended(isCompound || reply.length == REPLY_HEADER_BYTES ? "EMPTY" : "OTHER " + in.readInt());
        }
    }

    @Override
    public void close() throws IOException {
        if (connection != null) {
            connection.close();
            connection = null;
            strays = 0;
        }
    }
}
