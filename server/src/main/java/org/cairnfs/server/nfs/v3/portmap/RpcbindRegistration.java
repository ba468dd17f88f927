package org.cairnfs.server.nfs.v3.portmap;

import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.cairnfs.server.nfs.v3.portmap.RpcbindClient.Service;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server has registered with the rpcbind of its host, so that clients find it there; taken back when this is closed.
 *
 * <p>What an earlier server has left there is replaced, if nobody listens at its port any more: another server that runs (the kernel's
 * lock manager, say) keeps its place, and this one goes without. That nothing can be registered is told in the log, and no more.
 *
 * <p>For one thread, but for {@link #has}.
 */
public final class RpcbindRegistration implements AutoCloseable {
    /**
     * Where rpcbind listens: first where it knows who calls and lets every program register; over TCP it mostly lets nobody.
     */
    public static final List<SocketAddress> PLACES = List.of(
            UnixDomainSocketAddress.of("/run/rpcbind.sock"),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Portmap.PORT));

    private static final Logger log = LoggerFactory.getLogger(RpcbindRegistration.class);

    private static final List<InetAddress> EVERYWHERE =
            List.of(InetAddresses.forString("0.0.0.0"), InetAddresses.forString("::"));

    /** For all that is said to rpcbind at a start, or at a stop. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final List<SocketAddress> places;
    private final ScheduledExecutorService timer;
    private volatile List<Service> registered = List.of();

    private RpcbindRegistration(List<SocketAddress> places, ScheduledExecutorService timer) {
        this.places = places;
        this.timer = timer;
    }

    /**
     * Registers what is served, as far as rpcbind lets it.
     *
     * @param mappings what is served; portmap's own is left out
     * @param address that is listened on
     * @param places where rpcbind may be, the best first
     * @param timer breaks off a conversation that hangs
     */
    public static RpcbindRegistration register(
            List<Mapping> mappings, InetAddress address, List<SocketAddress> places, ScheduledExecutorService timer) {
        RpcbindRegistration registration = new RpcbindRegistration(places, timer);
        registration.register(services(mappings, address));
        return registration;
    }

    /** Whether clients find a program. */
    public boolean has(int program) {
        return registered.stream().anyMatch(service -> service.program() == program);
    }

    /** Each mapping for each version of IP that the address is of; the address of all hosts is of both. */
    private static List<Service> services(List<Mapping> mappings, InetAddress address) {
        List<InetAddress> addresses = address.isAnyLocalAddress() ? EVERYWHERE : List.of(address);
        List<Service> all = new ArrayList<>();
        for (Mapping at : mappings) {
            if (at.program() != Portmap.PROGRAM) {
                addresses.forEach(local -> all.add(new Service(
                        at.program(),
                        at.version(),
                        at.netId() + (local instanceof Inet6Address ? "6" : ""),
                        UniversalAddress.of(local, at.port()))));
            }
        }
        return all;
    }

    private void register(List<Service> services) {
        List<Service> done = new ArrayList<>();
        boolean answered = false;
        try {
            converse(rpcbind -> {
                List<Service> known = rpcbind.dump();
                for (Service wanted : services) {
                    if (makeRoom(rpcbind, known, wanted) && rpcbind.set(wanted)) {
                        done.add(wanted);
                    }
                }
            });
            answered = true;
        } catch (IOException e) {
            log.warn(
                    "not all is registered with rpcbind, so NFSv3 has to be mounted with a port and without locks: {}",
                    e.getMessage());
        }
        registered = List.copyOf(done);
        List<Service> left = services.stream()
                .filter(service -> !registered.contains(service))
                .toList();
        if (left.isEmpty()) {
            log.info("registered with rpcbind: {} services", registered.size());
        } else if (answered) {
            log.warn(
                    "rpcbind refuses, or has from another server that runs, {} of {} services: {}",
                    left.size(),
                    services.size(),
                    left);
        }
    }

    /** Takes away what is in the place of a service, if that has ended; whether the place is free. */
    private static boolean makeRoom(RpcbindClient rpcbind, List<Service> known, Service wanted) throws IOException {
        Optional<Service> there = known.stream()
                .filter(service -> service.program() == wanted.program()
                        && service.version() == wanted.version()
                        && service.netId().equals(wanted.netId()))
                .findFirst();
        if (there.isEmpty()) {
            return true;
        }
        if (!there.get().address().equals(wanted.address()) && isAlive(there.get())) {
            return false;
        }
        return rpcbind.unset(wanted);
    }

    /** Whether somebody listens there; of what cannot be asked, yes. */
    private static boolean isAlive(Service service) {
        Optional<InetSocketAddress> at = UniversalAddress.parse(service.address());
        return at.isEmpty()
                || switch (service.netId()) {
                    case "tcp", "tcp6" -> accepts(at.get());
                    case "udp", "udp6" -> isTaken(at.get());
                    default -> true;
                };
    }

    private static boolean accepts(InetSocketAddress at) {
        InetAddress host = at.getAddress().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : at.getAddress();
        try (SocketChannel unused = SocketChannel.open(new InetSocketAddress(host, at.getPort()))) {
            return true;
        } catch (IOException nobody) {
            return false;
        }
    }

    private static boolean isTaken(InetSocketAddress at) {
        try (DatagramSocket unused = new DatagramSocket(at)) {
            return false;
        } catch (IOException taken) {
            return true;
        }
    }

    @FunctionalInterface
    private interface Conversation {
        void with(RpcbindClient rpcbind) throws IOException;
    }

    private void converse(Conversation conversation) throws IOException {
        try (RpcbindClient rpcbind = connect()) {
            ScheduledFuture<?> end =
                    timer.schedule(() -> closeQuietly(rpcbind), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            try {
                conversation.with(rpcbind);
            } finally {
                end.cancel(false);
            }
        }
    }

    private RpcbindClient connect() throws IOException {
        IOException failure = new IOException("there is none");
        for (SocketAddress place : places) {
            try {
                return RpcbindClient.connect(place);
            } catch (IOException e) {
                failure = new IOException("none answers at " + place + ": " + e.getMessage(), e);
            }
        }
        throw failure;
    }

    private static void closeQuietly(RpcbindClient rpcbind) {
        try {
            rpcbind.close();
        } catch (IOException e) {
            log.debug("closing the conversation with rpcbind: {}", e.toString());
        }
    }

    /** Takes everything back. */
    @Override
    public void close() {
        List<Service> services = registered;
        registered = List.of();
        if (services.isEmpty()) {
            return;
        }
        try {
            converse(rpcbind -> {
                for (Service service : services) {
                    rpcbind.unset(service);
                }
            });
        } catch (IOException e) {
            log.warn("what was registered with rpcbind stays there until the next start: {}", e.getMessage());
        }
    }
}
