package org.cairnfs.server.nfs.rpc;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import org.cairnfs.server.nfs.rpc.RpcMetrics.Refusal;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.glassfish.grizzly.IOEvent;
import org.glassfish.grizzly.nio.NIOConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP connection: its identity, its input, its calls in flight, and its output.
 *
 * <p>Threading: {@link #input} is confined to the selector thread of the connection; everything else is thread-safe by
 * atomics or locks of its own. The end of a call or of a write may let the input go on, which it does on its own thread.
 */
final class TcpConnection implements RpcConnection {
    private static final Logger LOG = LoggerFactory.getLogger(TcpConnection.class);
    private static final AtomicLong IDS = new AtomicLong();

    private final long id = IDS.incrementAndGet();
    private final InetSocketAddress remoteAddress;
    private final InetSocketAddress localAddress;
    private final org.glassfish.grizzly.Connection<?> grizzly;
    private final ServerContext server;
    private final ConnectionInput input;
    private final SendQueue output;
    private final OutgoingCalls outgoing;
    private final NetworkShares.Share share;
    private final CallScheduler.Lane lane;

    private final AtomicInteger callsInFlight = new AtomicInteger();
    private final Map<Class<?>, Object> attachments = new ConcurrentHashMap<>();
    private volatile long lastActiveNanos = System.nanoTime();

    /** Guarded by itself, as is the change of {@code closed}; once that is set nothing is added. */
    private final List<Runnable> closeListeners = new ArrayList<>();

    private volatile boolean closed;

    /** Whether nothing came in yet, on a connection of a client; belongs to the selector thread. */
    private boolean mayStartTls;

    /** Set once, by the selector thread. */
    private volatile TlsSession tls;

    /** @param accepted whether the peer has made it */
    TcpConnection(org.glassfish.grizzly.Connection<?> grizzly, ServerContext server, boolean accepted)
            throws IOException {
        this.grizzly = grizzly;
        this.server = server;
        this.mayStartTls = accepted && server.tls().isPresent();
        this.remoteAddress = address(grizzly.getPeerAddress());
        this.localAddress = address(grizzly.getLocalAddress());
        this.share = server.shares().of(remoteAddress.getAddress());
        this.lane = new CallScheduler.Lane(share.lanes());
        this.input = new ConnectionInput(this, grizzly, server);
        this.output = new SendQueue(grizzly, share.replies(), server.metrics(), this::resumeInput);
        this.outgoing =
                new OutgoingCalls(message -> output.send(message, () -> {}), server.timer(), task -> runOnWorker(task));
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public boolean isOpen() {
        return !closed && grizzly.isOpen();
    }

    @Override
    public TransportSecurity transportSecurity() {
        TlsSession session = tls;
        return session == null ? TransportSecurity.NONE : session.security();
    }

    @Override
    public void close(String reason) {
        LOG.debug("Closing {}: {}", this, reason);
        // Not closeSilently, which would first wait for the peer to read what is being written.
        grizzly.terminateSilently();
    }

    @Override
    public <T> Optional<T> attachment(Class<T> type) {
        return Optional.ofNullable(type.cast(attachments.get(type)));
    }

    @Override
    public <T> void attach(Class<T> type, T value) {
        if (value == null) {
            attachments.remove(type);
        } else {
            attachments.put(type, type.cast(value));
        }
    }

    @Override
    public void onClose(Runnable listener) {
        synchronized (closeListeners) {
            if (!closed) {
                closeListeners.add(listener);
                return;
            }
        }
        runListener(listener);
    }

    @Override
    public CompletableFuture<XdrReader> call(
            int program, int version, int procedure, RpcCredential credential, XdrWriter arguments, Duration timeout) {
        lastActiveNanos = System.nanoTime();
        return outgoing.call(program, version, procedure, credential, arguments, timeout);
    }

    @Override
    public String toString() {
        return "connection " + id + " with " + remoteAddress;
    }

    /** The peer did what costs it its connection. */
    void refuse(RefusedException refusal) {
        refuse(refusal.reason(), refusal.getMessage());
    }

    void refuse(Refusal reason, String detail) {
        if (isOpen()) {
            server.metrics().refused(reason);
            server.refusals().log(reason, this, detail + "; the connection is closed");
        }
        close(detail);
    }

    void send(List<ByteBuffer> message) {
        send(message, () -> {});
    }

    /** Queues a message; {@code onDone} runs once it is sent, or dropped with the connection. */
    void send(List<ByteBuffer> message, Runnable onDone) {
        output.send(message, onDone);
    }

    /** The input, for the selector thread and for {@link Patience}. */
    ConnectionInput input() {
        return input;
    }

    SendQueue output() {
        return output;
    }

    int callsInFlight() {
        return callsInFlight.get();
    }

    /** What the peer's network has together. */
    NetworkShares.Share share() {
        return share;
    }

    /** Whether others wait until replies have gone, and some of those are this connection's. */
    boolean keepsOthersWaitingForReplies() {
        return output.queuedBytes() > 0
                && (server.replyBudget().isOver() || server.scheduler().keepsOthersWaiting(lane));
    }

    /** Whether nothing is in flight in either direction. */
    boolean isQuiet() {
        return callsInFlight.get() == 0 && output.queuedBytes() == 0;
    }

    /** For how long there has been no call and no answer. */
    long idleNanos(long now) {
        return isQuiet() && !outgoing.isWaiting() ? now - lastActiveNanos : 0;
    }

    /** For how long nothing was asked or answered, whatever is in flight. */
    long silentNanos() {
        return System.nanoTime() - lastActiveNanos;
    }

    /** For how long the handshake of TLS has been going on; 0 if none is. */
    long tlsHandshakeNanos(long now) {
        TlsSession session = tls;
        return session == null ? 0 : session.handshakeNanos(now);
    }

    void tlsEstablished() {
        server.metrics().tlsEstablished();
    }

    /** Bytes have arrived; they are used or copied before this returns. Runs on the selector thread. */
    void received(ByteBuffer bytes) throws RefusedException, IOException {
        TlsSession session = tls;
        if (session == null) {
            input.received(bytes);
        } else {
            session.received(bytes);
        }
    }

    /**
     * A complete record has arrived. Runs on the selector thread.
     *
     * @return whether more records may follow; not when TLS follows
     */
    boolean accept(ByteBuffer record, Runnable releaseRecord) throws RefusedException {
        boolean first = mayStartTls;
        mayStartTls = false;
        if (first && startTls(record)) {
            releaseRecord.run();
            return false;
        }
        acceptMessage(record, releaseRecord);
        return true;
    }

    /** Answers a probe for TLS, after which nothing goes in the clear; whether it is one that is as it should be. */
    private boolean startTls(ByteBuffer record) throws RefusedException {
        Optional<CallHeader> probe = CallHeader.tlsProbe(record).filter(server.dispatcher()::has);
        if (probe.isEmpty()) {
            return false;
        }
        try {
            TlsSession session = new TlsSession(server.tls().orElseThrow().get(), this);
            output.send(Messages.startTls(probe.get().xid()), () -> {});
            output.seal(session::seal);
            tls = session;
            return true;
        } catch (SSLException e) {
            throw new RefusedException(Refusal.TLS, "TLS cannot begin: " + e.getMessage());
        }
    }

    private void acceptMessage(ByteBuffer record, Runnable releaseRecord) throws RefusedException {
        lastActiveNanos = System.nanoTime();
        if (record.remaining() < CallHeader.MIN_MESSAGE_BYTES) {
            releaseRecord.run();
            throw new RefusedException(Refusal.MALFORMED, "record of " + record.remaining() + " bytes");
        }
        switch (record.getInt(record.position() + Integer.BYTES)) {
            case CallHeader.CALL -> startCall(record, releaseRecord);
            case CallHeader.REPLY -> {
                releaseRecord.run();
                if (!outgoing.answer(record)) {
                    server.metrics().refused(Refusal.UNEXPECTED_REPLY);
                }
            }
            default -> {
                releaseRecord.run();
                throw new RefusedException(Refusal.MALFORMED, "a message that is neither call nor reply");
            }
        }
    }

    private void startCall(ByteBuffer record, Runnable releaseRecord) {
        callsInFlight.incrementAndGet();
        long arrived = lastActiveNanos;
        Runnable onEnded = () -> {
            releaseRecord.run();
            lastActiveNanos = System.nanoTime();
            callsInFlight.decrementAndGet();
            resumeInput();
        };
        if (!server.scheduler().submit(lane, () -> server.dispatcher().serve(this, record, arrived, onEnded))) {
            onEnded.run();
        }
    }

    /** The connection has closed: lets go of everything. Does nothing, and says {@code false}, when that was known. */
    boolean closed() {
        List<Runnable> listeners;
        synchronized (closeListeners) {
            if (closed) {
                return false;
            }
            closed = true;
            listeners = new ArrayList<>(closeListeners);
            closeListeners.clear();
        }
        input.close();
        output.close();
        outgoing.close();
        listeners.forEach(this::runListener);
        return true;
    }

    private void resumeInput() {
        input.resumeIfPossible();
        server.onProgress().run();
    }

    /** What goes on where bytes are read. */
    interface SelectorTask {
        void run() throws RefusedException, IOException;
    }

    /** Has the selector thread do something; what it throws costs the connection. */
    void onSelector(SelectorTask task) {
        ((NIOConnection) grizzly).executeInEventThread(IOEvent.READ, () -> {
            try {
                task.run();
            } catch (RefusedException e) {
                refuse(e);
            } catch (IOException e) {
                close(e.getMessage());
            } catch (Throwable e) {
                LOG.error("Reading on from {} failed; it is closed", this, e);
                close("internal error");
            }
        });
    }

    void runOnWorker(Runnable task) {
        if (!server.scheduler().submit(lane, task)) {
            task.run();
        }
    }

    private void runListener(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.error("A listener to the end of {} failed; the others go on", this, e);
        }
    }

    private static InetSocketAddress address(Object address) throws IOException {
        if (address instanceof InetSocketAddress inet) {
            return inet;
        }
        throw new IOException("the connection has gone already");
    }
}
