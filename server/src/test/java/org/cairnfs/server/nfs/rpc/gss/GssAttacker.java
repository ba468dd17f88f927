package org.cairnfs.server.nfs.rpc.gss;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.cairnfs.server.nfs.rpc.gss.GssClient.CONTINUE_INIT;
import static org.cairnfs.server.nfs.rpc.gss.GssClient.DATA;
import static org.cairnfs.server.nfs.rpc.gss.GssClient.DESTROY;
import static org.cairnfs.server.nfs.rpc.gss.GssClient.INIT;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.cairnfs.server.nfs.fuzz.Mutator;
import org.cairnfs.server.nfs.rpc.OpaqueAuth;
import org.cairnfs.server.nfs.rpc.RawClient;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.ietf.jgss.GSSException;

/**
 * Sends calls of RPCSEC_GSS with something wrong: tokens, sequence numbers, services, handles, verifiers cut off or of another message,
 * arguments protected for another call, the whole of it damaged. As what is discarded has no answer (RFC 2203 section 5.3.3.1), each is
 * followed by a call without any credential, which is answered in any case, unless the connection is closed. Used by one thread.
 */
final class GssAttacker implements AutoCloseable {
    private static final int PING = 0x7077;
    private static final int[] PROCEDURES = {DATA, DATA, DATA, DATA, INIT, CONTINUE_INIT, DESTROY, 4, -1};
    private static final int[] SEQUENCES = {0, 1, 127, 128, 129, 0x7FFF_FFFE, 0x7FFF_FFFF, 0x8000_0000, -1};

    private final InetSocketAddress server;
    private final Random random;
    private final Mutator mutator;
    private final Map<String, Integer> tally = new TreeMap<>();
    private RawClient connection;
    private int xid;

    GssAttacker(InetSocketAddress server, Random random) {
        this.server = server;
        this.random = random;
        this.mutator = new Mutator(random);
    }

    /**
     * What an attacker has.
     *
     * @param context its own, established or not
     * @param handle its own
     * @param foreign handle of somebody else's
     * @param token one that the server would accept, or has accepted
     * @param sequence one that its context has not seen
     */
    record Loot(SecurityMechanism.Context context, byte[] handle, byte[] foreign, byte[] token, int sequence) {}

    /** How attacks ended, by how often. */
    Map<String, Integer> tally() {
        return tally;
    }

    /** Attacks once. */
    void attack(Loot loot) throws Exception {
        int kind = PROCEDURES[random.nextInt(PROCEDURES.length)];
        int sequence = random.nextInt(4) > 0 ? loot.sequence() : SEQUENCES[random.nextInt(SEQUENCES.length)];
        int service = random.nextInt(10) > 0 ? 1 + random.nextInt(3) : random.nextInt(6) - 1;
        byte[] credential =
                GssClient.credential(random.nextInt(20) == 0 ? 2 : 1, kind, sequence, service, handle(loot));
        if (random.nextInt(8) == 0) {
            credential = mutator.damaged(credential);
        }
        boolean isCall = kind == DATA && random.nextInt(20) > 0;
        byte[] header = GssClient.header(++xid, isCall ? ServedGss.ECHO : 0, credential);
        byte[] arguments = isCall
                ? arguments(loot, service, sequence)
                : new XdrWriter(1 << 17)
                        .writeOpaque(sometimesDamaged(loot.token()))
                        .toByteArray();
        boolean hasVerifier = kind == DATA || kind == DESTROY || random.nextInt(4) == 0;
        byte[] message = hasVerifier
                ? GssClient.message(header, OpaqueAuth.RPCSEC_GSS, verifier(loot, header), arguments)
                : GssClient.message(header, OpaqueAuth.AUTH_NONE, new byte[0], arguments);
        send(random.nextInt(5) == 0 ? mutator.damaged(message) : message);
    }

    private byte[] handle(Loot loot) {
        return switch (random.nextInt(8)) {
            case 0 -> loot.foreign();
            case 1 -> new byte[random.nextInt(64)];
            case 2 -> sometimesDamaged(loot.handle());
            default -> loot.handle();
        };
    }

    private byte[] sometimesDamaged(byte[] right) {
        return right.length < Integer.BYTES || random.nextBoolean() ? right : mutator.damaged(right);
    }

    private byte[] arguments(Loot loot, int service, int sequence) throws Exception {
        byte[] plain =
                new XdrWriter(1 << 10).writeOpaque("attack".getBytes(UTF_8)).toByteArray();
        int other = random.nextInt(4) == 0 ? sequence + 1 : sequence;
        try {
            return sometimesDamaged(GssClient.protect(loot.context(), service, other, plain));
        } catch (GSSException notEstablished) {
            return plain;
        }
    }

    private byte[] verifier(Loot loot, byte[] header) throws XdrException {
        byte[] right;
        try {
            right = loot.context().mic(header);
        } catch (GSSException notEstablished) {
            return new byte[random.nextInt(400)];
        }
        return switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(right, random.nextInt(right.length));
            case 1 -> mutator.damaged(right);
            case 2 -> new byte[random.nextInt(OpaqueAuth.MAX_BODY_BYTES + 50)];
            default -> right;
        };
    }

    private void send(byte[] message) throws IOException, XdrException {
        try {
            if (connection == null) {
                connection = new RawClient(server);
            }
            connection.sendRecord(message);
            connection.sendRecord(GssClient.message(
                    GssClient.header(PING, 0, OpaqueAuth.AUTH_NONE, new byte[0]),
                    OpaqueAuth.AUTH_NONE,
                    new byte[0],
                    new byte[0]));
            XdrReader reply = connection.receive();
            boolean isDiscarded = true;
            while (reply.readInt() != PING) {
                isDiscarded = false;
                count(reply);
                reply = connection.receive();
            }
            if (isDiscarded) {
                tally.merge("no answer", 1, Integer::sum);
            }
        } catch (EOFException | SocketException closed) {
            tally.merge("closed", 1, Integer::sum);
            close();
        }
    }

    private void count(XdrReader reply) throws XdrException {
        reply.readInt();
        if (reply.readInt() != 0) {
            boolean isAuthentication = reply.readInt() == 1;
            tally.merge("denied " + (isAuthentication ? reply.readInt() : "version"), 1, Integer::sum);
            return;
        }
        reply.readInt();
        reply.skipOpaque(OpaqueAuth.MAX_BODY_BYTES);
        tally.merge("accepted " + reply.readInt(), 1, Integer::sum);
    }

    @Override
    public void close() throws IOException {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
