package org.cairnfs.server.nfs.rpc;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.cairnfs.server.nfs.rpc.RpcCallException.Kind;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * The calls made to the peer of one connection, matched with their answers by transaction id.
 *
 * <p>Each call ends once, by whichever takes it out of {@code pending}: its answer, its time-out, or the end of the connection.
 *
 * <p>Thread-safe; the fields are guarded by this object's monitor. Futures are completed by {@code completer}.
 */
final class OutgoingCalls {
    private record Pending(CompletableFuture<XdrReader> future, ScheduledFuture<?> timeout) {}

    private final Consumer<List<ByteBuffer>> sender;
    private final ScheduledExecutorService timer;
    private final Executor completer;
    private final Map<Integer, Pending> pending = new HashMap<>();
    private int nextXid = ThreadLocalRandom.current().nextInt();
    private boolean closed;

    /**
     * @param sender queues a message
     * @param completer runs what completes futures, and with them whatever others have attached to those
     */
    OutgoingCalls(Consumer<List<ByteBuffer>> sender, ScheduledExecutorService timer, Executor completer) {
        this.sender = sender;
        this.timer = timer;
        this.completer = completer;
    }

    CompletableFuture<XdrReader> call(
            int program, int version, int procedure, RpcCredential credential, XdrWriter arguments, Duration timeout) {
        CompletableFuture<XdrReader> future = new CompletableFuture<>();
        int xid;
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedFuture(
                        new RpcCallException(Kind.CLOSED, "the connection is closed; nothing was sent"));
            }
            if (pending.size() >= RpcLimits.OUTGOING_CALLS_PER_CONNECTION) {
                return CompletableFuture.failedFuture(
                        new RpcCallException(Kind.BUSY, pending.size() + " calls wait for answers already"));
            }
            xid = nextXid++;
            pending.put(xid, new Pending(future, startTimer(xid, timeout)));
        }
        sender.accept(Messages.call(xid, program, version, procedure, credential, arguments));
        return future;
    }

    /**
     * Takes the answer to a call.
     *
     * @param reply the whole record
     * @return whether a call waited for it
     */
    boolean answer(ByteBuffer reply) {
        Pending call = take(reply.getInt(reply.position()));
        if (call == null) {
            return false;
        }
        completer.execute(() -> {
            try {
                call.future().complete(Messages.resultsOf(reply));
            } catch (RpcCallException e) {
                call.future().completeExceptionally(e);
            }
        });
        return true;
    }

    /** Fails all calls; the connection has closed. */
    void close() {
        List<Pending> left;
        synchronized (this) {
            closed = true;
            left = new ArrayList<>(pending.values());
            pending.clear();
        }
        for (Pending call : left) {
            call.timeout().cancel(false);
            fail(call, Kind.CLOSED, "the connection closed before the answer came");
        }
    }

    /** Whether calls wait for answers. */
    synchronized boolean isWaiting() {
        return !pending.isEmpty();
    }

    private ScheduledFuture<?> startTimer(int xid, Duration timeout) {
        return timer.schedule(
                () -> {
                    Pending call = take(xid);
                    if (call != null) {
                        fail(call, Kind.TIMED_OUT, "no answer within " + timeout);
                    }
                },
                timeout.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    private synchronized Pending take(int xid) {
        Pending call = pending.remove(xid);
        if (call != null) {
            call.timeout().cancel(false);
        }
        return call;
    }

    private void fail(Pending call, Kind kind, String message) {
        Runnable completion = () -> call.future().completeExceptionally(new RpcCallException(kind, message));
        try {
            completer.execute(completion);
        } catch (RejectedExecutionException stopping) {
            // No worker will run it any more, and nobody is to wait forever.
            completion.run();
        }
    }
}
