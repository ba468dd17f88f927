package org.cairnfs.server.nfs.v4.testing;

import java.net.InetAddress;
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
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.server.nfs.rpc.AcceptStat;
import org.cairnfs.server.nfs.rpc.AuthStat;
import org.cairnfs.server.nfs.rpc.RpcCall;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.rpc.RpcProgram;
import org.cairnfs.server.nfs.rpc.TransportSecurity;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * A connection to an RPC program within the test: calls run on the caller's thread, through the program's own interface,
 * with no network between.
 */
public final class DirectConnection implements RpcConnection, Transport {
    private static final int REPLY_LIMIT = (1 << 20) + (64 << 10);
    private static final AtomicLong IDS = new AtomicLong();

    private final RpcProgram program;
    private final long id = IDS.incrementAndGet();
    /** Each connection's own, as if by chance: all come from one address. */
    private final AtomicInteger xids = new AtomicInteger((int) id << 16);

    private final Map<Class<?>, Object> attachments = new ConcurrentHashMap<>();
    private final List<Runnable> closeListeners = new ArrayList<>();
    private volatile RpcCredential credential = new RpcCredential.AuthSys("test", Credentials.ROOT);
    private volatile int port = 700;
    private boolean open = true;

    public DirectConnection(RpcProgram program) {
        this.program = program;
    }

    /** Sets who calls from now on, by Kerberos. */
    public DirectConnection as(RpcCredential.Gss principal) {
        credential = principal;
        return this;
    }

    /** Sets who calls from now on. */
    public DirectConnection as(int uid, int gid) {
        credential = new RpcCredential.AuthSys("test", Credentials.of(uid, gid));
        return this;
    }

    /** The transaction id of the last call. */
    public int lastXid() {
        return xids.get();
    }

    /** Gives the next call this transaction id. */
    public DirectConnection nextXid(int xid) {
        xids.set(xid - 1);
        return this;
    }

    @Override
    public XdrReader call(XdrWriter arguments) throws Exception {
        Call call = new Call(new XdrReader(ByteBuffer.wrap(arguments.toByteArray())));
        program.handle(call);
        return new XdrReader(call.results.get());
    }

    /** One call; its results complete when it is answered. */
    private final class Call implements RpcCall {
        private final int xid = xids.incrementAndGet();
        private final XdrReader arguments;
        private final CompletableFuture<ByteBuffer> results = new CompletableFuture<>();

        Call(XdrReader arguments) {
            this.arguments = arguments;
        }

        @Override
        public int xid() {
            return xid;
        }

        @Override
        public int program() {
            return 100003;
        }

        @Override
        public int version() {
            return 4;
        }

        @Override
        public int procedure() {
            return 1;
        }

        @Override
        public RpcConnection connection() {
            return DirectConnection.this;
        }

        @Override
        public RpcCredential credential() {
            return credential;
        }

        @Override
        public XdrReader arguments() {
            return arguments;
        }

        @Override
        public XdrWriter newResults() {
            return new XdrWriter(REPLY_LIMIT);
        }

        @Override
        public void reply(XdrWriter written) {
            end(ByteBuffer.wrap(written.toByteArray()));
        }

        @Override
        public void reply(XdrWriter written, Runnable onSent) {
            reply(written);
            onSent.run();
        }

        @Override
        public void reply(ByteBuffer encoded) {
            end(encoded);
        }

        @Override
        public void reject(AcceptStat status) {
            results.completeExceptionally(new AssertionError("rejected: " + status));
        }

        @Override
        public void reject(AuthStat status) {
            results.completeExceptionally(new AssertionError("rejected: " + status));
        }

        @Override
        public void drop() {
            results.completeExceptionally(new AssertionError("dropped"));
        }

        private void end(ByteBuffer encoded) {
            if (!results.complete(encoded)) {
                throw new IllegalStateException("ended twice");
            }
        }
    }

    @Override
    public long id() {
        return id;
    }

    /** From now on, the port that it comes from; a reserved one before. */
    public void comeFrom(int otherPort) {
        port = otherPort;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public InetSocketAddress localAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 2049);
    }

    @Override
    public synchronized boolean isOpen() {
        return open;
    }

    @Override
    public TransportSecurity transportSecurity() {
        return TransportSecurity.NONE;
    }

    @Override
    public void close(String reason) {
        List<Runnable> listeners;
        synchronized (this) {
            open = false;
            listeners = List.copyOf(closeListeners);
            closeListeners.clear();
        }
        listeners.forEach(Runnable::run);
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
            attachments.put(type, value);
        }
    }

    @Override
    public synchronized void onClose(Runnable listener) {
        closeListeners.add(listener);
    }

    @Override
    public CompletableFuture<XdrReader> call(
            int calledProgram,
            int version,
            int procedure,
            RpcCredential caller,
            XdrWriter callbackArguments,
            Duration timeout) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException("no back channel in this test"));
    }
}
