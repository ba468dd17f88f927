package org.cairnfs.server.nfs.rpc.gss;

import com.google.common.base.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.server.nfs.rpc.AcceptStat;
import org.cairnfs.server.nfs.rpc.OpaqueAuth;
import org.cairnfs.server.nfs.rpc.RpcCall;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.rpc.RpcMetrics;
import org.cairnfs.server.nfs.rpc.RpcServer;

/** A program behind RPCSEC_GSS. */
final class ServedGss implements AutoCloseable {
    static final int PROGRAM = 0x2000_CA18;
    static final int VERSION = 1;

    /** Takes an opaque and gives it back. */
    static final int ECHO = 1;

    /** Gives principal, service and uid. */
    static final int WHO = 2;

    private static final int MAX = 1 << 20;

    /** What the clock of the contexts shows. */
    final AtomicLong nanos = new AtomicLong();

    /** Calls that ended with SYSTEM_ERR. */
    final AtomicInteger systemErrors = new AtomicInteger();

    final GssContexts contexts;
    final RpcServer server;

    ServedGss(SecurityMechanism mechanism, int maxContexts, int maxPerOwner) throws Exception {
        contexts = new GssContexts(maxContexts, maxPerOwner, new Ticker() {
            @Override
            public long read() {
                return nanos.get();
            }
        });
        server = RpcServer.builder()
                .metrics(new RpcMetrics() {
                    @Override
                    public void refused(Refusal reason) {
                        if (reason == Refusal.SYSTEM_ERR) {
                            systemErrors.incrementAndGet();
                        }
                    }
                })
                .authenticator(
                        OpaqueAuth.RPCSEC_GSS,
                        new GssAuthenticator(
                                mechanism,
                                principal -> principal.startsWith("user")
                                        ? Optional.of(Credentials.of(1000, 100))
                                        : Optional.empty(),
                                contexts))
                .program(PROGRAM, VERSION, ServedGss::handle)
                .build();
        server.start();
    }

    private static void handle(RpcCall call) throws Exception {
        switch (call.procedure()) {
            case ECHO ->
                call.reply(
                        call.newResults().writeOpaqueReference(call.arguments().readOpaqueSlice(MAX)));
            case WHO -> {
                RpcCredential.Gss caller = (RpcCredential.Gss) call.credential();
                call.reply(call.newResults()
                        .writeUtf8(caller.principal())
                        .writeUtf8(caller.service().name())
                        .writeInt(caller.ids().map(Credentials::uid).orElse(-1)));
            }
            default -> call.reject(AcceptStat.PROC_UNAVAIL);
        }
    }

    @Override
    public void close() throws Exception {
        server.stop(Duration.ofSeconds(60));
    }
}
