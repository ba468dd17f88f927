package org.cairnfs.server.nfs.rpc;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects what an {@link RpcServer} is made of. For one thread. */
public final class RpcServerBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(RpcServerBuilder.class);

    private final Map<Integer, Map<Integer, RpcProgram>> programs = new HashMap<>();
    private final Map<Integer, RpcAuthenticator> authenticators = new HashMap<>();
    private InetSocketAddress listenAddress = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private int workers = Math.max(16, 4 * Runtime.getRuntime().availableProcessors());
    private Optional<Supplier<SSLEngine>> tls = Optional.empty();
    private RpcLimits limits = RpcLimits.defaults();
    private RpcMetrics metrics = RpcMetrics.NONE;
    private Consumer<Throwable> onFatalError = e -> LOG.error("This process may not be sound any more; it goes on", e);

    RpcServerBuilder() {
        RpcAuthenticator sys = new SysAuthenticator();
        authenticators.put(OpaqueAuth.AUTH_NONE, sys);
        authenticators.put(OpaqueAuth.AUTH_SYS, sys);
    }

    /** Where to listen; port 0 chooses one. Loopback and port 0 by default. */
    public RpcServerBuilder listen(InetSocketAddress where) {
        listenAddress = where;
        return this;
    }

    /** Threads that run handlers. */
    public RpcServerBuilder workers(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("workers " + threads);
        }
        workers = threads;
        return this;
    }

    public RpcServerBuilder limits(RpcLimits value) {
        limits = value;
        return this;
    }

    public RpcServerBuilder metrics(RpcMetrics value) {
        metrics = value;
        return this;
    }

    /**
     * Told of errors after which the process may not be sound, such as running out of memory; called on a worker thread, and must
     * not wait for calls to end. They are logged by default.
     */
    public RpcServerBuilder onFatalError(Consumer<Throwable> handler) {
        onFatalError = handler;
        return this;
    }

    /**
     * Adds a version of a program.
     *
     * @param version 0 or more
     * @throws IllegalArgumentException when it is there already
     */
    public RpcServerBuilder program(int number, int version, RpcProgram program) {
        if (version < 0) {
            throw new IllegalArgumentException("version " + version);
        }
        if (programs.computeIfAbsent(number, n -> new HashMap<>()).putIfAbsent(version, program) != null) {
            throw new IllegalArgumentException("program " + number + " version " + version + " is there already");
        }
        return this;
    }

    /**
     * Adds a flavour of authentication; AUTH_NONE and AUTH_SYS are there already.
     *
     * @throws IllegalArgumentException when it is there already
     */
    public RpcServerBuilder authenticator(int flavor, RpcAuthenticator authenticator) {
        if (authenticators.putIfAbsent(flavor, authenticator) != null) {
            throw new IllegalArgumentException("flavour " + flavor + " is there already");
        }
        return this;
    }

    /**
     * Speaks RPC-with-TLS (RFC 9289) with clients that ask for it.
     *
     * @param engines makes the server's side of TLS for a connection: TLS 1.3, with the protocol {@value TlsSession#PROTOCOL}
     */
    public RpcServerBuilder tls(Supplier<SSLEngine> engines) {
        tls = Optional.of(engines);
        // Probes that are as they should be are answered by the connection itself.
        return authenticator(OpaqueAuth.AUTH_TLS, (header, record, connection) -> {
            throw new AuthException(AuthStat.AUTH_BADCRED, "AUTH_TLS not in a first NULL call in the clear");
        });
    }

    public RpcServer build() {
        return new RpcServer(this);
    }

    InetSocketAddress listenAddress() {
        return listenAddress;
    }

    int workers() {
        return workers;
    }

    RpcLimits limits() {
        return limits;
    }

    RpcMetrics metrics() {
        return metrics;
    }

    Consumer<Throwable> onFatalError() {
        return onFatalError;
    }

    Optional<Supplier<SSLEngine>> tls() {
        return tls;
    }

    /** By flavour. */
    Map<Integer, RpcAuthenticator> authenticators() {
        return Map.copyOf(authenticators);
    }

    /** By program, then version. */
    Map<Integer, NavigableMap<Integer, RpcProgram>> programs() {
        Map<Integer, NavigableMap<Integer, RpcProgram>> copy = new HashMap<>();
        programs.forEach((program, versions) -> copy.put(program, new TreeMap<>(versions)));
        return Map.copyOf(copy);
    }
}
