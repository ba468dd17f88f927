package org.cairnfs.server.systemd;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.cairnfs.server.Progress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how this server is, for a unit of {@code Type=notify} (sd_notify(3)): that it is ready, that it stops, what it is doing, and, if the
 * unit has a {@code WatchdogSec=}, that it is alive. Says nothing where nobody asked, in the variable {@code NOTIFY_SOCKET}.
 *
 * <p>What cannot be told is logged once and is no failure. One thread of its own sends all, so nobody waits for it but {@link #close}, which
 * lets what was said before go out. Thread-safe.
 */
public final class ServiceManager implements Progress, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ServiceManager.class);
    private static final long STATUS_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    /** What an unlimited wait may be extended by each time something was heard: longer than any step between two reports. */
    private static final Duration STEP = Duration.ofMinutes(5);

    private final Map<String, String> environment;
    private final Optional<ScheduledExecutorService> thread;
    private NotifySocket socket; // used by that thread only, as the next
    private boolean broken;
    private volatile long statusAt = System.nanoTime() - STATUS_NANOS;

    private ServiceManager(Map<String, String> environment) {
        this.environment = environment;
        this.thread = environment.getOrDefault("NOTIFY_SOCKET", "").isEmpty()
                ? Optional.empty()
                : Optional.of(Executors.newSingleThreadScheduledExecutor(task -> {
                    Thread daemon = new Thread(task, "systemd");
                    daemon.setDaemon(true);
                    return daemon;
                }));
    }

    /** The one that started this process, if one did. */
    public static ServiceManager of(Map<String, String> environment) {
        return new ServiceManager(environment);
    }

    /** Tells what goes on before the server is ready or while it stops, once a second at most, and that it is not stuck meanwhile. */
    @Override
    public void report(String phase, long done, long total, Unit unit) {
        long now = System.nanoTime();
        if (thread.isEmpty() || now - statusAt < STATUS_NANOS) {
            return;
        }
        statusAt = now;
        String howFar = total <= 0 ? "" : ", " + Math.min(100, Math.round(100.0 * done / total)) + " %";
        send("STATUS=" + phase + howFar + "\nEXTEND_TIMEOUT_USEC=" + micros(STEP));
    }

    /** The server answers; from now on it is told, often enough for the unit's watchdog, that it is alive, while it is. */
    public void ready(String status, BooleanSupplier alive) {
        send("READY=1\nSTATUS=" + status);
        watchdogPeriod().ifPresent(period -> keepTelling(alive, period));
    }

    private void keepTelling(BooleanSupplier alive, Duration period) {
        var unused = thread.orElseThrow()
                .scheduleAtFixedRate(() -> tellAlive(alive), 0, period.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The server begins to stop. */
    public void stopping(String status) {
        send("STOPPING=1\nSTATUS=" + status);
    }

    /** Half of what the watchdog waits, if there is one and it watches this process. */
    private Optional<Duration> watchdogPeriod() {
        String pid = environment.getOrDefault("WATCHDOG_PID", "");
        if (thread.isEmpty()
                || !pid.isEmpty()
                        && !pid.equals(Long.toString(ProcessHandle.current().pid()))) {
            return Optional.empty();
        }
        try {
            long micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
            return micros <= 1 ? Optional.empty() : Optional.of(Duration.ofNanos(micros * 1_000 / 2));
        } catch (NumberFormatException e) {
            log.warn("systemd: WATCHDOG_USEC is no number, so its watchdog is not told that the server is alive");
            return Optional.empty();
        }
    }

    private void tellAlive(BooleanSupplier alive) {
        try {
            if (alive.getAsBoolean()) {
                sendNow("WATCHDOG=1");
                return;
            }
            log.error("the server is not well: systemd's watchdog is not told that it is alive");
        } catch (RuntimeException e) {
            log.error("the server cannot say how it is: systemd's watchdog is not told that it is alive", e);
        }
    }

    private void send(String message) {
        thread.ifPresent(executor -> executor.execute(() -> sendNow(message)));
    }

    private void sendNow(String message) {
        if (broken) {
            return;
        }
        try {
            if (socket == null) {
                socket = NotifySocket.open(environment.get("NOTIFY_SOCKET"));
            }
            socket.send(message);
        } catch (IOException e) {
            broken = true;
            log.warn("systemd cannot be told how the server is: {}", e.toString());
        }
    }

    private static long micros(Duration duration) {
        return TimeUnit.NANOSECONDS.toMicros(duration.toNanos());
    }

    /** Says nothing more, after what was said already. */
    @Override
    public void close() {
        thread.ifPresent(executor -> {
            executor.execute(this::closeSocket);
            executor.shutdown();
            try {
                if (!executor.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
                    log.warn("systemd does not take what it is told");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void closeSocket() {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                log.debug("the socket to systemd could not be closed", e);
            }
        }
    }
}
