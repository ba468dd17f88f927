package org.cairnfs.server.nfs.rpc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.cairnfs.server.nfs.rpc.RpcMetrics.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS on one connection, from the answer to its AUTH_TLS probe on (RFC 9289): decrypts what comes in, encrypts what goes out.
 *
 * <p>Invariants: nothing that was not decrypted reaches the connection's input, and nothing reaches the socket that was not encrypted; nothing is
 * handed on before the handshake is done and the client has named the protocol ({@link #PROTOCOL}). At most {@value #MAX_KEPT_BYTES}
 * encrypted bytes are kept, while the engine waits for its own work; when there are nearly so many, no more are read.
 *
 * <p>Threading: the fields without a comment, {@link #received} and what it calls belong to the connection's selector thread; the engine's long
 * work runs on a worker. {@link #seal} is called by one thread at a time, whoever writes; the engine takes one that encrypts and one that
 * decrypts.
 */
final class TlsSession {
    /** What client and server agree on by ALPN (RFC 9289 section 8.2). */
    static final String PROTOCOL = "sunrpc";

    /** The verifier of the answer to a probe (RFC 9289 section 4.1). */
    static final byte[] START_TLS = "STARTTLS".getBytes(StandardCharsets.US_ASCII);

    static final int MAX_KEPT_BYTES = 256 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(TlsSession.class);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int MAX_SEALED_AT_ONCE = 256 << 10;

    private final SSLEngine engine;
    private final TcpConnection connection;
    private final long since = System.nanoTime();

    private ByteBuffer kept = NOTHING;
    private ByteBuffer plain;
    private boolean working;
    private boolean advancing;

    /** Written by the selector thread; {@link TransportSecurity#NONE} until the handshake is done. */
    private volatile TransportSecurity security = TransportSecurity.NONE;

    /** @param engine of the server's side, which has not been used */
    TlsSession(SSLEngine engine, TcpConnection connection) throws SSLException {
        this.engine = engine;
        this.connection = connection;
        engine.beginHandshake();
        plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    }

    /** What it protects: nothing, until the handshake is done. */
    TransportSecurity security() {
        return security;
    }

    /** For how long the handshake has been going on; 0 when it is done. */
    long handshakeNanos(long now) {
        return security == TransportSecurity.NONE ? now - since : 0;
    }

    // ---- in

    /** Bytes have arrived; they are used or copied before this returns. */
    void received(ByteBuffer bytes) throws RefusedException, IOException {
        ByteBuffer in = kept.hasRemaining() ? join(kept, bytes) : bytes;
        advance(in);
        if (in.remaining() > MAX_KEPT_BYTES) {
            throw new RefusedException(Refusal.TLS, in.remaining() + " bytes of TLS that cannot be used");
        }
        kept = in.hasRemaining() ? join(NOTHING, in) : NOTHING;
        // A client sends on when it is done with its part of the handshake; we may not be, and are not overrun
        // meanwhile.
        if (working && kept.remaining() > MAX_KEPT_BYTES - RpcLimits.READ_BYTES) {
            connection.input().hold();
        }
    }

    private static ByteBuffer join(ByteBuffer first, ByteBuffer second) {
        return ByteBuffer.allocate(first.remaining() + second.remaining())
                .put(first)
                .put(second)
                .flip();
    }

    /** Goes on until more bytes are needed, or work that others do. */
    private void advance(ByteBuffer in) throws RefusedException, IOException {
        advancing = true;
        try {
            boolean moved = true;
            while (moved && !working && connection.isOpen()) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> work();
                    case NEED_WRAP -> moved = flush();
                    default -> moved = unwrap(in);
                }
            }
            if (security == TransportSecurity.NONE
                    && engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                    && !engine.isInboundDone()) {
                established();
            }
        } catch (SSLException e) {
            // The alert that says so to the peer, if it still gets there.
            connection.output().send(List.of(), () -> {});
            throw new RefusedException(Refusal.TLS, "TLS: " + e.getMessage());
        } finally {
            advancing = false;
        }
    }

    /** Sends what the engine has to say by itself; whether that is done. */
    private boolean flush() {
        connection.output().send(List.of(), () -> connection.onSelector(this::goOn));
        return engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP;
    }

    /** Goes on with what is kept; does nothing when that is being done. */
    private void goOn() throws RefusedException, IOException {
        if (!working && !advancing) {
            received(NOTHING);
        }
    }

    /** Has a worker do what takes long, such as signatures, and goes on afterwards. */
    private void work() {
        working = true;
        connection.runOnWorker(() -> {
            try {
                Runnable task = engine.getDelegatedTask();
                while (task != null) {
                    task.run();
                    task = engine.getDelegatedTask();
                }
            } finally {
                connection.onSelector(() -> {
                    working = false;
                    goOn();
                    if (!working) {
                        connection.input().release();
                    }
                });
            }
        });
    }

    private boolean unwrap(ByteBuffer in) throws RefusedException, IOException {
        plain.clear();
        HandshakeStatus before = engine.getHandshakeStatus();
        SSLEngineResult result = engine.unwrap(in, plain);
        switch (result.getStatus()) {
            case BUFFER_UNDERFLOW -> {
                return false;
            }
            case BUFFER_OVERFLOW -> {
                plain = ByteBuffer.allocate(2 * plain.capacity());
                return true;
            }
            case CLOSED -> {
                engine.closeOutbound();
                connection.output().send(List.of(), () -> {});
                connection.close("the peer has ended TLS");
                return false;
            }
            case OK -> {
                plain.flip();
                if (plain.hasRemaining()) {
                    if (security == TransportSecurity.NONE) {
                        established();
                    }
                    connection.input().received(plain);
                }
            }
        }
        return result.bytesConsumed() > 0 || engine.getHandshakeStatus() != before;
    }

    private void established() throws RefusedException {
        if (!PROTOCOL.equals(engine.getApplicationProtocol())) {
            throw new RefusedException(Refusal.TLS, "the client does not name the protocol (ALPN) '" + PROTOCOL + "'");
        }
        security = isPeerKnown() ? TransportSecurity.MUTUAL_TLS : TransportSecurity.TLS;
        connection.tlsEstablished();
        LOG.debug("{}: {} {}", connection, security, engine.getSession().getCipherSuite());
    }

    private boolean isPeerKnown() {
        try {
            return engine.getSession().getPeerCertificates().length > 0;
        } catch (SSLPeerUnverifiedException e) {
            return false;
        }
    }

    // ---- out

    /**
     * Encrypts messages, together with what the engine has to say by itself.
     *
     * @param messages not changed; may be empty
     */
    List<ByteBuffer> seal(List<ByteBuffer> messages) throws SSLException {
        ByteBuffer[] from = messages.toArray(ByteBuffer[]::new);
        long left = messages.stream().mapToLong(ByteBuffer::remaining).sum();
        int packet = engine.getSession().getPacketBufferSize();
        List<ByteBuffer> sealed = new ArrayList<>();
        ByteBuffer to = NOTHING;
        boolean closed = false;
        while (!closed && (left > 0 || engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP)) {
            if (to.remaining() < packet) {
                keep(to, sealed);
                to = ByteBuffer.allocate((int) Math.min(left, MAX_SEALED_AT_ONCE) + 2 * packet);
            }
            SSLEngineResult result = engine.wrap(from, to);
            closed = result.getStatus() == SSLEngineResult.Status.CLOSED;
            left -= result.bytesConsumed();
            if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
                packet = 2 * packet;
            } else if (result.bytesProduced() == 0 && result.bytesConsumed() == 0) {
                break;
            }
        }
        if (left > 0) {
            throw new SSLException(left + " bytes cannot be sent: TLS has ended, or has not begun");
        }
        keep(to, sealed);
        return sealed;
    }

    private static void keep(ByteBuffer full, List<ByteBuffer> sealed) {
        if (full.position() > 0) {
            sealed.add(full.flip());
        }
    }
}
