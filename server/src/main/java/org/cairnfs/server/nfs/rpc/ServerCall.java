package org.cairnfs.server.nfs.rpc;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cairnfs.server.nfs.rpc.RpcAuthenticator.Authenticated;
import org.cairnfs.server.nfs.rpc.RpcMetrics.Refusal;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** A call in flight on a {@link TcpConnection}. Ended by whoever is first to set {@code ended}. */
final class ServerCall implements RpcCall {

    private final CallHeader header;
    private final Authenticated authenticated;
    private final TcpConnection connection;
    private final CallContext context;
    private final Runnable onEnded;
    private final long startedNanos;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Runnable answered;

    /**
     * @param startedNanos when the record had arrived, by {@link System#nanoTime}
     * @param onEnded runs once, after the answer has been queued
     */
    ServerCall(
            CallHeader header,
            Authenticated authenticated,
            TcpConnection connection,
            CallContext context,
            long startedNanos,
            Runnable onEnded) {
        this.header = header;
        this.authenticated = authenticated;
        this.connection = connection;
        this.context = context;
        this.startedNanos = startedNanos;
        this.onEnded = onEnded;
        this.answered = context.answered().begin();
    }

    @Override
    public int xid() {
        return header.xid();
    }

    @Override
    public int program() {
        return header.program();
    }

    @Override
    public int version() {
        return header.version();
    }

    @Override
    public int procedure() {
        return header.procedure();
    }

    @Override
    public RpcConnection connection() {
        return connection;
    }

    @Override
    public RpcCredential credential() {
        return authenticated.credential();
    }

    @Override
    public XdrReader arguments() {
        return authenticated.arguments();
    }

    @Override
    public XdrWriter newResults() {
        return new XdrWriter(context.limits().replyBytesPerCall());
    }

    @Override
    public void reply(XdrWriter results) {
        reply(results, ServerCall::nothing);
    }

    @Override
    public void reply(XdrWriter results, Runnable onSent) {
        if (results.position() > context.limits().replyBytesPerCall()) {
            throw new IllegalArgumentException("results of " + results.position() + " bytes");
        }
        List<ByteBuffer> message;
        try {
            message = Messages.success(header.xid(), authenticated.protection(), results);
        } catch (XdrException e) {
            throw new IllegalArgumentException("results cannot be protected: " + e.getMessage(), e);
        }
        end();
        answer(message, onSent);
    }

    @Override
    public void reply(ByteBuffer results) {
        XdrWriter out = newResults();
        try {
            out.writeEncodedReference(results);
        } catch (XdrException e) {
            throw new IllegalArgumentException("results: " + e.getMessage(), e);
        }
        reply(out);
    }

    @Override
    public void reject(AcceptStat status) {
        if (status == AcceptStat.PROG_MISMATCH) {
            throw new IllegalArgumentException("PROG_MISMATCH carries versions; the server sends it itself");
        }
        end();
        context.metrics().refused(refusalOf(status));
        answer(Messages.notDone(header.xid(), authenticated.protection(), status), ServerCall::nothing);
    }

    @Override
    public void reject(AuthStat status) {
        end();
        context.metrics().refused(Refusal.AUTH_ERROR);
        answer(Messages.authError(header.xid(), status), ServerCall::nothing);
    }

    @Override
    public void drop() {
        end();
        answered.run();
        ended();
    }

    boolean isEnded() {
        return ended.get();
    }

    private void end() {
        if (!ended.compareAndSet(false, true)) {
            throw new IllegalStateException("the call has been ended already");
        }
    }

    private void answer(List<ByteBuffer> message, Runnable onSent) {
        try {
            connection.send(message, () -> {
                answered.run();
                onSent.run();
            });
        } finally {
            ended();
        }
    }

    private void ended() {
        context.metrics().callEnded(program(), version(), procedure(), System.nanoTime() - startedNanos);
        onEnded.run();
    }

    private static void nothing() {}

    private static Refusal refusalOf(AcceptStat status) {
        return switch (status) {
            case PROG_UNAVAIL -> Refusal.PROG_UNAVAIL;
            case PROG_MISMATCH -> Refusal.PROG_MISMATCH;
            case PROC_UNAVAIL -> Refusal.PROC_UNAVAIL;
            case GARBAGE_ARGS -> Refusal.GARBAGE_ARGS;
            case SYSTEM_ERR -> Refusal.SYSTEM_ERR;
        };
    }
}
