package org.cairnfs.server.app;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.cairnfs.server.CairnException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the dashboard shows: the last twenty minutes in samples of five seconds, and how all is now. Names of files and snapshots, paths and the
 * whole URL of the storage are not in it, as everybody on this machine may look.
 *
 * <p>A thread of its own takes the samples; what the file system holds, which takes a scan of its packs, it looks at only while somebody looks at
 * the page. The samples are guarded by this object's lock.
 */
final class Dashboard implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Dashboard.class);
    private static final long PERIOD_MILLIS = 5_000;
    private static final int SAMPLES = 240;
    private static final long SAVED_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long INTEREST_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final CairnServer server;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "dashboard");
        daemon.setDaemon(true);
        return daemon;
    });
    private final Deque<Sample> samples = new ArrayDeque<>();
    private List<Sample.Rate> operations = List.of();
    private Reading last;
    private volatile Saved saved;
    private volatile long savedAt;
    private volatile long askedAt = System.nanoTime();

    Dashboard(CairnServer server) {
        this.server = server;
        this.last = server.reading();
    }

    /** All that the page asks for. */
    record Data(
            long at,
            long startedAt,
            String version,
            VolumePart volume,
            Saved saved,
            Kept kept,
            List<Sample> samples,
            List<Sample.Rate> operations,
            List<ClientPart> clients) {}

    /** @param storage its kind */
    record VolumePart(
            String label,
            String storage,
            boolean encrypted,
            String compression,
            String durability,
            String state,
            String shortage,
            String error,
            long behindMillis,
            VolumeStatus.Journal journal,
            VolumeStatus.Dirty dirty,
            VolumeStatus.Cache cache) {
        static VolumePart of(VolumeStatus volume) {
            return new VolumePart(
                    volume.label(),
                    volume.storage().replaceFirst(":.*", ""),
                    volume.encrypted(),
                    volume.compression(),
                    volume.durability().name().toLowerCase(Locale.ROOT),
                    volume.state().name(),
                    volume.journal().shortage(),
                    volume.state() == VolumeStatus.State.STORE_UNREACHABLE ? "see 'cairn status'" : "",
                    volume.barrier().behindMillis(),
                    volume.journal(),
                    volume.dirty(),
                    volume.cache());
        }
    }

    /** What the file system holds, before and after de-duplication and compression. */
    record Saved(
            long totalBytes,
            long uniqueBytes,
            long compressedBytes,
            long storedBytes,
            long inodes,
            long chunks,
            long packs) {
        static Saved of(VolumeStatistics of) {
            return new Saved(
                    of.totalBytes(),
                    of.deduplicatedBytes(),
                    of.compressedBytes(),
                    of.storedBytes(),
                    of.inodes(),
                    of.chunks(),
                    of.packs());
        }
    }

    /** What is kept of the past, and what is locked or limited; in numbers. */
    record Kept(
            long snapshots,
            long newestSnapshot,
            long nextSnapshot,
            long locks,
            int tightQuotas,
            long garbageAt,
            long waitingBytes,
            long restorePoints,
            VolumeStatus.Scrub scrub) {
        static Kept of(Guarded guarded, VolumeStatus.Garbage garbage, VolumeStatus.Scrub scrub) {
            return new Kept(
                    guarded.snapshots(),
                    guarded.newestSnapshot(),
                    guarded.nextSnapshot(),
                    guarded.locks(),
                    guarded.tight().size(),
                    garbage.endedAt(),
                    garbage.waitingBytes(),
                    garbage.restorePoints(),
                    scrub);
        }
    }

    record ClientPart(String name, String protocol, int opens, int locks, int delegations) {
        static ClientPart of(NfsService.Client client) {
            return new ClientPart(
                    client.name(), client.protocol(), client.opens(), client.locks(), client.delegations());
        }
    }

    /** Begins to take samples. */
    Dashboard start() {
        var unused = thread.scheduleAtFixedRate(this::look, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        return this;
    }

    private void look() {
        try {
            sample();
            if (saved == null || System.nanoTime() - askedAt < INTEREST_NANOS) {
                lookAtSaved();
            }
        } catch (CairnException | RuntimeException e) {
            log.warn("the dashboard could not look at the server: {}", e.toString(), e);
        }
    }

    private void lookAtSaved() throws CairnException {
        long now = System.nanoTime();
        if (saved == null || now - savedAt > SAVED_NANOS) {
            saved = Saved.of(server.volume().statistics());
            savedAt = now;
        }
    }

    private synchronized void sample() {
        Reading now = server.reading();
        if (now.at() > last.at()) {
            double seconds = Sample.seconds(last, now);
            samples.addLast(Sample.between(last, now));
            operations = Sample.operations(last, now).stream()
                    .map(counts -> Sample.Rate.of(counts, seconds))
                    .toList();
            last = now;
        }
        if (samples.size() > SAMPLES) {
            samples.removeFirst();
        }
    }

    /** As of now. */
    Data data() {
        askedAt = System.nanoTime();
        ServerStatus status = server.status();
        List<Sample> shown;
        List<Sample.Rate> rates;
        synchronized (this) {
            shown = List.copyOf(samples);
            rates = operations;
        }
        return new Data(
                System.currentTimeMillis(),
                status.startedAt(),
                status.version(),
                VolumePart.of(status.volume()),
                saved,
                Kept.of(
                        status.guarded(),
                        status.volume().garbage(),
                        status.volume().scrub()),
                shown,
                rates,
                status.clients().stream().map(ClientPart::of).toList());
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
