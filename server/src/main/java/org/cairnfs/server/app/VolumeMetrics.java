package org.cairnfs.server.app;

import com.google.common.base.Suppliers;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.cairnfs.core.objectstore.StoreMetrics.Usage;
import org.cairnfs.core.objectstore.StoreMetrics.Verb;
import org.cairnfs.server.app.VolumeStatus.State;

/** The status of a volume as gauges, all of one scrape of one moment; and the requests to its object store as counters. */
final class VolumeMetrics implements MeterBinder {
    private static final double MILLIS_PER_SECOND = 1000.0;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Supplier<VolumeStatus> status;
    private final Volume volume;

    VolumeMetrics(Volume volume) {
        this.volume = volume;
        this.status = Suppliers.memoizeWithExpiration(volume::status, 500, TimeUnit.MILLISECONDS);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        bytes(registry, "cairn.journal", "In the journal", s -> s.journal().bytes());
        bytes(
                registry,
                "cairn.journal.bound",
                "At which mutations wait",
                s -> s.journal().bound());
        bytes(registry, "cairn.dirty", "Written, in no pack yet", s -> s.dirty().bytes());
        bytes(
                registry,
                "cairn.dirty.bound",
                "At which writers wait",
                s -> s.dirty().bound());
        bytes(registry, "cairn.cache.memory", "Decoded chunks", s -> s.cache().heapBytes());
        bytes(
                registry,
                "cairn.cache.memory.bound",
                "Bound of it",
                s -> s.cache().heapBound());
        bytes(registry, "cairn.cache.disk", "Sealed ranges", s -> s.cache().diskBytes());
        bytes(registry, "cairn.cache.disk.bound", "Bound of it", s -> s.cache().diskBound());
        bytes(
                registry,
                "cairn.uploads.pending",
                "Waiting or under way",
                s -> s.uploads().pendingBytes());
        gauge(
                registry,
                "cairn.uploads.pending.objects",
                "Waiting or under way",
                null,
                s -> s.uploads().pendingObjects());
        gauge(
                registry,
                "cairn.bucket.behind",
                "Age of the oldest change that the bucket lacks; read-only: for how long it could not be followed",
                "seconds",
                s -> s.barrier().behindMillis() / MILLIS_PER_SECOND);
        bytes(
                registry,
                "cairn.garbage.waiting",
                "In packs that only restore points or the window need",
                s -> s.garbage().waitingBytes());
        gauge(
                registry,
                "cairn.garbage.restore.points",
                "Restore points at the end of the last garbage collection",
                null,
                s -> s.garbage().restorePoints());
        gauge(
                registry,
                "cairn.garbage.ended",
                "When the last garbage collection ended, since 1970; 0 for never",
                "seconds",
                s -> s.garbage().endedAt() / MILLIS_PER_SECOND);
        gauge(
                registry,
                "cairn.read.only",
                "1 when the bucket is only read and followed, else 0",
                null,
                s -> s.following().readOnly() ? 1 : 0);
        gauge(
                registry,
                "cairn.barrier.taken",
                "When the newest barrier was made, or the one that is shown, since 1970",
                "seconds",
                s -> s.barrier().takenAt() / MILLIS_PER_SECOND);
        gauge(registry, "cairn.incarnation", "Number of this start", null, VolumeStatus::incarnation);
        gauge(
                registry,
                "cairn.store.reachable",
                "1 when uploads, or looks for later barriers, succeed, else 0",
                null,
                s -> s.state() == State.STORE_UNREACHABLE ? 0 : 1);
        for (Verb verb : Verb.values()) {
            counter(registry, "cairn.store.requests", "Sent", null, verb, Usage::requests);
            counter(registry, "cairn.store.failures", "That failed, tried again or not", null, verb, Usage::failures);
            counter(registry, "cairn.store.transferred", "Of bodies", BaseUnits.BYTES, verb, Usage::bytes);
            counter(registry, "cairn.store.time", "Under way", "seconds", verb, u -> u.nanos() / NANOS_PER_SECOND);
        }
    }

    private void counter(
            MeterRegistry registry, String name, String help, String unit, Verb verb, ToDoubleFunction<Usage> value) {
        FunctionCounter.builder(
                        name,
                        volume,
                        source -> value.applyAsDouble(source.storeMetrics().of(verb)))
                .description(help)
                .baseUnit(unit)
                .tag("verb", verb.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    private void bytes(MeterRegistry registry, String name, String help, ToDoubleFunction<VolumeStatus> value) {
        gauge(registry, name, help, BaseUnits.BYTES, value);
    }

    private void gauge(
            MeterRegistry registry, String name, String help, String unit, ToDoubleFunction<VolumeStatus> value) {
        Gauge.builder(name, status, source -> value.applyAsDouble(source.get()))
                .description(help)
                .baseUnit(unit)
                .strongReference(true)
                .register(registry);
    }
}
