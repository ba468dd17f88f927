package org.cairnfs.server.nfs.v3.nsm;

import com.google.common.net.InetAddresses;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.v3.portmap.PortmapClient;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells hosts that held locks that this server has restarted (SM_NOTIFY), upon which they reclaim them. A host that does not
 * answer is told again, ever less often. Thread-safe; never blocks.
 */
public final class RebootNotices {
    private static final Logger log = LoggerFactory.getLogger(RebootNotices.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_ATTEMPTS = 8;
    private static final int MAX_BYTES = 256;

    private final PortmapClient hosts;
    private final int state;
    private final ScheduledExecutorService timer;

    /** @param state of this start: odd, and another than those of earlier starts */
    public RebootNotices(PortmapClient hosts, int state, ScheduledExecutorService timer) {
        this.hosts = hosts;
        this.state = state;
        this.timer = timer;
    }

    /** Tells all of them. */
    public void send(List<HostRecord> all) {
        all.forEach(host -> send(host, 1));
    }

    private void send(HostRecord host, int attempt) {
        CompletableFuture<XdrReader> telling = hosts.connect(host.address(), NsmProgram.PROGRAM, NsmProgram.VERSION)
                .thenCompose(monitor -> call(monitor, host));
        CompletableFuture<XdrReader> unused = telling.whenComplete((nothing, failure) -> {
            if (failure == null) {
                log.info("{} knows that this server has restarted, and may reclaim its locks", host);
            } else if (attempt < MAX_ATTEMPTS) {
                log.debug("{} does not hear of the restart; once more later: {}", host, failure.toString());
                ScheduledFuture<?> unusedTimer =
                        timer.schedule(() -> send(host, attempt + 1), 1L << attempt, TimeUnit.SECONDS);
            } else {
                log.warn(
                        "{} cannot be told of the restart: it will not reclaim its locks: {}",
                        host,
                        failure.toString());
            }
        });
    }

    /** stat_chge: by the name that the host knows this server by. */
    private CompletableFuture<XdrReader> call(RpcConnection monitor, HostRecord host) {
        XdrWriter arguments = new XdrWriter(MAX_BYTES);
        try {
            arguments.writeUtf8(InetAddresses.toAddrString(host.local())).writeInt(state);
        } catch (XdrException e) {
            throw new IllegalStateException("an address fits", e);
        }
        return monitor.call(
                        NsmProgram.PROGRAM,
                        NsmProgram.VERSION,
                        NsmProgram.NOTIFY,
                        RpcCredential.NONE,
                        arguments,
                        PATIENCE)
                .whenComplete((nothing, failure) -> monitor.close("the host has been told"));
    }
}
