package org.cairnfs.server.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cairnfs.server.app.NfsService;
import org.cairnfs.server.app.ServerStatus;
import org.cairnfs.server.app.VolumeStatus;
import org.cairnfs.server.config.Sizes;

/** A {@link TopReport} as lines for people. */
final class TopText {
    private static final int BAR = 24;
    private static final double MICROS_PER_MILLI = 1_000;
    private static final double MILLIS_PER_SECOND = 1_000;

    private TopText() {}

    /**
     * The lines.
     *
     * @param now milliseconds since 1970
     * @param width of a line, at most
     * @param height so many lines, at most: of operations and clients as many as there is room for
     */
    static List<String> lines(TopReport report, long now, int width, int height) {
        ServerStatus status = report.status();
        VolumeStatus volume = status.volume();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "cairn top: %s, up %s, %s",
                volume.label().isEmpty() ? volume.storage() : volume.label(),
                Sizes.formatMillis(Math.max(0, now - status.startedAt())),
                volume.state() == VolumeStatus.State.SERVING ? "serving" : volume.state()));
        lines.add(String.format(
                Locale.ROOT,
                "%,.0f operations/s   in %s/s   out %s/s",
                report.operationsPerSecond(),
                bytes(report.receivedBytesPerSecond()),
                bytes(report.sentBytesPerSecond())));
        lines.add("");
        lines.add(gauge("journal", volume.journal().bytes(), volume.journal().bound())
                + (volume.journal().shortage().isEmpty()
                        ? ""
                        : "  CHANGES WAIT: " + volume.journal().shortage()));
        lines.add(gauge("dirty", volume.dirty().bytes(), volume.dirty().bound()) + "  " + bucket(volume));
        lines.add(gauge("memory", volume.cache().heapBytes(), volume.cache().heapBound())
                + (report.cacheHits() < 0
                        ? ""
                        : String.format(Locale.ROOT, "  %.0f %% of reads hit it", 100 * report.cacheHits())));
        if (volume.cache().diskBound() > 0) {
            lines.add(gauge("disk", volume.cache().diskBytes(), volume.cache().diskBound()));
        }
        lines.add("");
        report.store()
                .forEach(use -> lines.add(String.format(
                        Locale.ROOT,
                        "%-7s %8.1f/s %10s/s %9.0f ms mean%s",
                        use.verb(),
                        use.perSecond(),
                        bytes(use.bytesPerSecond()),
                        use.meanMillis(),
                        use.failuresPerSecond() == 0
                                ? ""
                                : String.format(Locale.ROOT, "  %.1f FAIL/s", use.failuresPerSecond()))));
        if (!report.store().isEmpty()) {
            lines.add("");
        }
        int left = height - lines.size();
        int clients = Math.min(status.clients().size() + 2, left / 3);
        operations(lines, report, left - clients);
        clients(lines, status.clients(), height - lines.size());
        return lines.stream()
                .limit(height)
                .map(line -> line.length() <= width ? line : line.substring(0, width))
                .toList();
    }

    private static void operations(List<String> lines, TopReport report, int room) {
        if (room < 2) {
            return;
        }
        lines.add(String.format(
                Locale.ROOT,
                "%-20s %10s %8s %10s %10s %10s",
                "OPERATION",
                "/s",
                "errors/s",
                "mean",
                "half <",
                "99 % <"));
        report.operations().stream()
                .limit(room - 1L)
                .forEach(of -> lines.add(String.format(
                        Locale.ROOT,
                        "%-20s %,10.1f %8.1f %10s %10s %10s",
                        of.name().toLowerCase(Locale.ROOT),
                        of.perSecond(),
                        of.errorsPerSecond(),
                        duration(of.meanMicros()),
                        duration(of.p50Micros()),
                        duration(of.p99Micros()))));
    }

    private static void clients(List<String> lines, List<NfsService.Client> clients, int room) {
        if (room < 3 || clients.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add(String.format(Locale.ROOT, "%-5s %6s %6s %6s  %s", "NFS", "opens", "locks", "deleg", "CLIENT"));
        clients.stream()
                .limit(room - 2L)
                .forEach(client -> lines.add(String.format(
                        Locale.ROOT,
                        "%-5s %6d %6d %6d  %s",
                        client.protocol(),
                        client.opens(),
                        client.locks(),
                        client.delegations(),
                        client.name())));
    }

    private static String gauge(String name, long used, long bound) {
        int filled = bound == 0 ? 0 : (int) Math.min(BAR, Math.round((double) BAR * used / bound));
        return String.format(
                Locale.ROOT,
                "%-8s [%s%s] %s of %s",
                name,
                "#".repeat(filled),
                ".".repeat(BAR - filled),
                Sizes.formatBytes(used),
                Sizes.formatBytes(bound));
    }

    private static String bucket(VolumeStatus volume) {
        long behind = volume.barrier().behindMillis();
        return behind == 0 ? "the bucket has everything" : "the bucket is " + Sizes.formatMillis(behind) + " behind";
    }

    private static String bytes(double perSecond) {
        return Sizes.formatBytes(Math.round(perSecond));
    }

    private static String duration(double micros) {
        double millis = micros / MICROS_PER_MILLI;
        return micros < MICROS_PER_MILLI
                ? String.format(Locale.ROOT, "%.0f us", micros)
                : millis < MILLIS_PER_SECOND
                        ? String.format(Locale.ROOT, "%.1f ms", millis)
                        : String.format(Locale.ROOT, "%.1f s", millis / MILLIS_PER_SECOND);
    }
}
