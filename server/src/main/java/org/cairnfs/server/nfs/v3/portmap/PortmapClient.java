package org.cairnfs.server.nfs.v3.portmap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcConnector;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** Finds programs of other hosts by asking the portmap there, over TCP. Safe for use by any number of threads; never blocks. */
public final class PortmapClient {
    private static final int GETPORT = 3;
    private static final int MAX_PORT = 65_535;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final RpcConnector connector;
    private final int portmapPort;

    /** @param portmapPort {@link Portmap#PORT}, but for tests */
    public PortmapClient(RpcConnector connector, int portmapPort) {
        this.connector = connector;
        this.portmapPort = portmapPort;
    }

    /** A connection to a program of a host; fails with an {@link IOException} if the host does not answer, or has none. */
    public CompletableFuture<RpcConnection> connect(InetAddress host, int program, int version) {
        return connector
                .connect(new InetSocketAddress(host, portmapPort), PATIENCE)
                .thenCompose(portmap -> port(portmap, program, version))
                .thenCompose(port -> port < 1 || port > MAX_PORT
                        ? CompletableFuture.failedFuture(
                                new IOException("program " + program + " is not to be had at " + host))
                        : connector.connect(new InetSocketAddress(host, port), PATIENCE));
    }

    private static CompletableFuture<Integer> port(RpcConnection portmap, int program, int version) {
        XdrWriter question = new XdrWriter(4 * Integer.BYTES);
        try {
            question.writeInt(program).writeInt(version).writeInt(Mapping.TCP).writeInt(0);
        } catch (XdrException e) {
            throw new IllegalStateException("four numbers fit", e);
        }
        return portmap.call(Portmap.PROGRAM, Portmap.PORTMAP_VERSION, GETPORT, RpcCredential.NONE, question, PATIENCE)
                .thenApply(answer -> {
                    try {
                        return answer.readInt();
                    } catch (XdrException e) {
                        throw new IllegalArgumentException("the answer of portmap: " + e.getMessage(), e);
                    }
                })
                .whenComplete((port, failure) -> portmap.close("portmap has answered"));
    }
}
