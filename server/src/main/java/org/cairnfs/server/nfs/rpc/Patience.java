package org.cairnfs.server.nfs.rpc;

import java.time.Duration;
import org.cairnfs.server.nfs.rpc.RpcMetrics.Refusal;

/**
 * Ends connections that do not move: records that take too long to arrive, replies that are not read, and idle ones.
 *
 * <p>While others wait for memory, those that hold it are given less time. That is what keeps a server alive whose peers
 * announce much and send little, or ask for much and read little: such peers can use memory up, but not for longer
 * than {@link RpcLimits#patienceUnderPressure}. Stateless; {@link #check} runs now and then on the timer's thread.
 */
final class Patience {
    private final ServerContext server;
    private final ConnectionTable connections;
    private final long patience;
    private final long patienceUnderPressure;
    private final long idle;

    Patience(ServerContext server, ConnectionTable connections) {
        this.server = server;
        this.connections = connections;
        this.patience = server.limits().patience().toNanos();
        this.patienceUnderPressure =
                Math.min(patience, server.limits().patienceUnderPressure().toNanos());
        this.idle = server.limits().idle().toNanos();
    }

    /** How often to check. */
    Duration interval() {
        return Duration.ofNanos(Math.max(1_000_000, Math.min(1_000_000_000, patienceUnderPressure / 4)));
    }

    void check() {
        long now = System.nanoTime();
        for (TcpConnection connection : connections.all()) {
            check(connection, now);
        }
    }

    private void check(TcpConnection connection, long now) {
        boolean hurried = connection.input().holdsReservation()
                && connection.share().requests().isWaitedFor();
        boolean repliesWait = connection.keepsOthersWaitingForReplies();
        if (connection.input().recordAgeNanos(now) > (hurried ? patienceUnderPressure : patience)) {
            connection.refuse(
                    Refusal.RECORD_TOO_SLOW, "a record takes too long to arrive" + (hurried ? UNDER_PRESSURE : ""));
        } else if (connection.output().headAgeNanos(now) > (repliesWait ? patienceUnderPressure : patience)) {
            connection.refuse(
                    Refusal.REPLIES_NOT_READ,
                    connection.output().queuedBytes() + " bytes of replies are not read"
                            + (repliesWait ? UNDER_PRESSURE : ""));
        } else if (connection.tlsHandshakeNanos(now) > patience) {
            connection.refuse(Refusal.TLS, "the handshake of TLS takes too long");
        } else if (connection.idleNanos(now) > idle) {
            connection.refuse(Refusal.IDLE, "no call for " + server.limits().idle());
        }
    }

    private static final String UNDER_PRESSURE = " while others wait for memory";
}
