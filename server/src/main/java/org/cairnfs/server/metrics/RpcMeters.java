package org.cairnfs.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.cairnfs.server.nfs.rpc.RpcMetrics;

/**
 * Counts what the RPC server reports.
 *
 * <p>Program, version and procedure of a call come from the wire, but only calls that were accepted for a program of ours are
 * reported; still the number of timers is bounded, and what is beyond it is counted under "other".
 */
public final class RpcMeters implements RpcMetrics {
    private static final int MAX_TIMERS = 256;

    private final MeterRegistry registry;
    private final LongAdder connections = new LongAdder();
    private final LongAdder callsInFlight = new LongAdder();
    private final Counter connectionsOpened;
    private final Counter tlsEstablished;
    private final Counter bytesReceived;
    private final Counter bytesSent;
    private final Counter readingPaused;
    private final Counter callsHeldBack;
    private final Map<Refusal, Counter> refusals = new EnumMap<>(Refusal.class);
    private final Map<Call, Timer> timers = new ConcurrentHashMap<>();
    private final Timer otherCalls;

    /** One procedure, as the wire names it. */
    private record Call(int program, int version, int procedure) {}

    public RpcMeters(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("cairn.rpc.connections", connections, LongAdder::sum)
                .description("Open connections")
                .register(registry);
        Gauge.builder("cairn.rpc.calls.in.flight", callsInFlight, LongAdder::sum)
                .description("Calls that are being served")
                .register(registry);
        connectionsOpened = Counter.builder("cairn.rpc.connections.opened")
                .description("Connections accepted")
                .register(registry);
        tlsEstablished = Counter.builder("cairn.rpc.connections.tls")
                .description("Connections that began to speak TLS")
                .register(registry);
        bytesReceived = Counter.builder("cairn.rpc.received")
                .baseUnit(BaseUnits.BYTES)
                .description("Bytes from clients")
                .register(registry);
        bytesSent = Counter.builder("cairn.rpc.sent")
                .baseUnit(BaseUnits.BYTES)
                .description("Bytes to clients")
                .register(registry);
        readingPaused = Counter.builder("cairn.rpc.reading.paused")
                .description("Times that a connection was not read for a while, as a limit was reached")
                .register(registry);
        callsHeldBack = Counter.builder("cairn.rpc.calls.held.back")
                .description(
                        "Times that calls of a connection waited, as too many replies to its network were not read")
                .register(registry);
        for (Refusal refusal : Refusal.values()) {
            refusals.put(
                    refusal,
                    Counter.builder("cairn.rpc.refused")
                            .tag("reason", refusal.name().toLowerCase(java.util.Locale.ROOT))
                            .description("Calls and connections refused or ended by the server")
                            .register(registry));
        }
        otherCalls = timer("other", "other", "other");
    }

    /**
     * What goes through the RPC server.
     *
     * @param connections open now
     * @param callsInFlight being served now
     * @param receivedBytes from clients, since the start
     * @param sentBytes to clients, since the start
     */
    public record Traffic(long connections, long callsInFlight, long receivedBytes, long sentBytes) {}

    /** What was counted so far. */
    public Traffic traffic() {
        return new Traffic(
                connections.sum(), callsInFlight.sum(), (long) bytesReceived.count(), (long) bytesSent.count());
    }

    private Timer timer(String program, String version, String procedure) {
        return Timer.builder("cairn.rpc.calls")
                .tag("program", program)
                .tag("version", version)
                .tag("procedure", procedure)
                .description("Calls, from the end of their arrival to the hand-over of their answer")
                .register(registry);
    }

    @Override
    public void connectionOpened() {
        connections.increment();
        connectionsOpened.increment();
    }

    @Override
    public void connectionClosed() {
        connections.decrement();
    }

    @Override
    public void tlsEstablished() {
        tlsEstablished.increment();
    }

    @Override
    public void bytesReceived(long bytes) {
        bytesReceived.increment((double) bytes);
    }

    @Override
    public void bytesSent(long bytes) {
        bytesSent.increment((double) bytes);
    }

    @Override
    public void callStarted(int program, int version, int procedure) {
        callsInFlight.increment();
    }

    @Override
    public void callEnded(int program, int version, int procedure, long nanos) {
        callsInFlight.decrement();
        timerOf(new Call(program, version, procedure)).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timerOf(Call call) {
        Timer known = timers.get(call);
        if (known != null) {
            return known;
        }
        if (timers.size() >= MAX_TIMERS) {
            return otherCalls;
        }
        return timers.computeIfAbsent(
                call,
                key -> timer(
                        Integer.toUnsignedString(key.program()),
                        Integer.toUnsignedString(key.version()),
                        Integer.toUnsignedString(key.procedure())));
    }

    @Override
    public void refused(Refusal reason) {
        refusals.get(reason).increment();
    }

    @Override
    public void readingPaused() {
        readingPaused.increment();
    }

    @Override
    public void callsHeldBack() {
        callsHeldBack.increment();
    }
}
