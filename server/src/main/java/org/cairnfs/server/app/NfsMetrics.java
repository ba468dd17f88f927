package org.cairnfs.server.app;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import org.cairnfs.server.app.NfsService.Delegations;

/** What clients hold of an NFS service, and what became of it. */
final class NfsMetrics implements MeterBinder {
    private final NfsService nfs;

    NfsMetrics(NfsService nfs) {
        this.nfs = nfs;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(
                        "cairn.delegations.held",
                        nfs,
                        service -> service.delegations().held())
                .description("Files that clients may read from their caches without asking")
                .strongReference(true)
                .register(registry);
        count(registry, "granted", "Delegations given", Delegations::granted);
        count(
                registry,
                "recalled",
                "Delegations called back, as somebody wanted to change the file",
                Delegations::recalled);
        count(registry, "revoked", "Delegations that a client did not return in time", Delegations::revoked);
    }

    private void count(MeterRegistry registry, String what, String help, ToDoubleFunction<Delegations> value) {
        FunctionCounter.builder("cairn.delegations." + what, nfs, service -> value.applyAsDouble(service.delegations()))
                .description(help)
                .register(registry);
    }
}
