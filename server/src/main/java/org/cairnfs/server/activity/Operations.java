package org.cairnfs.server.activity;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.server.nfs.watch.OperationWatch;

/**
 * Counts the operations of all clients by their names, which are those of the protocols and so are few; and gives them to the
 * {@link AccessLog} while somebody reads that. Safe for any number of threads.
 */
public final class Operations implements OperationWatch {
    private final MeterRegistry registry;
    private final AccessLog accessLog;
    private final ConcurrentMap<String, OperationTimes> byName = new ConcurrentHashMap<>();

    /** @param registry gets meters for each operation that occurs */
    public Operations(MeterRegistry registry, AccessLog accessLog) {
        this.registry = registry;
        this.accessLog = accessLog;
    }

    @Override
    public void ended(String operation, boolean failed, long nanos) {
        OperationTimes times = byName.get(operation);
        if (times == null) {
            times = byName.computeIfAbsent(operation, this::register);
        }
        times.ended(failed, nanos);
    }

    private OperationTimes register(String operation) {
        OperationTimes times = new OperationTimes(operation);
        String tag = operation.toLowerCase(Locale.ROOT);
        FunctionTimer.builder(
                        "cairn.operations",
                        times,
                        of -> of.counts().count(),
                        of -> of.counts().nanos(),
                        TimeUnit.NANOSECONDS)
                .tag("operation", tag)
                .description("Operations of NFS, all versions together, and requests of the mount")
                .register(registry);
        FunctionCounter.builder(
                        "cairn.operations.errors", times, of -> of.counts().errors())
                .tag("operation", tag)
                .description("Operations that ended with another status than OK")
                .register(registry);
        return times;
    }

    @Override
    public boolean wantsDetails() {
        return accessLog.isRead();
    }

    @Override
    public void detailed(Detail detail) {
        accessLog.add(detail);
    }

    /**
     * The same of an operation that came by another way than NFS.
     *
     * @param line without its path
     * @param at what it was about
     */
    public void detailed(AccessLog.Line line, Optional<FileHandle> at) {
        accessLog.add(line, at);
    }

    /** All since the start, by their names. */
    public List<OperationCounts> counts() {
        return byName.values().stream()
                .map(OperationTimes::counts)
                .sorted(Comparator.comparing(OperationCounts::name))
                .toList();
    }
}
