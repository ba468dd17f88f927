package org.cairnfs.server.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableMap;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.activity.AccessLog;
import org.cairnfs.server.admin.AdminHandler;
import org.cairnfs.server.exports.Export;
import org.cairnfs.server.exports.ExportTable;
import org.cairnfs.server.nfs.export.TableExportResolver;

/** What commands may ask of a running server: the operations of the admin channel and their results. */
public final class AdminOperations {
    public static final String STATUS = "status";
    public static final String STATISTICS = "stat";
    public static final String FLUSH = "flush";
    public static final String GARBAGE = "gc";
    public static final String STOP = "stop";
    public static final String RELOAD = "reload";
    public static final String EXPORTS = "exports";

    /** What was done since the start. Result: {@link ServerActivity}. */
    public static final String ACTIVITY = "activity";

    /**
     * What clients do, each operation, for the reader {@link #READER}: 0, or none, for a new one. Result: an {@link AccessLog.Batch}, within a second,
     * empty if there was nothing.
     */
    public static final String ACCESS_LOG = "access-log";

    public static final String READER = "reader";

    /** Argument of {@link #GARBAGE}: whether only to say what would be done. */
    public static final String DRY_RUN = "dryRun";

    /** Argument of {@link #GARBAGE}: whether nothing but the present is to be restored from now on. */
    public static final String DROP_RESTORE_POINTS = "dropRestorePoints";

    /** Argument of {@link #STOP}: how long to go on uploading, in milliseconds. */
    public static final String TIMEOUT_MILLIS = "timeoutMillis";

    private static final int MOST_LINES = 1_000;
    private static final long WAIT_MILLIS = 1_000;
    private static final long MAX_TIMEOUT_MILLIS = Duration.ofDays(7).toMillis();

    private final CairnServer server;

    AdminOperations(CairnServer server) {
        this.server = server;
    }

    /** Result of {@link #FLUSH}. */
    public record Flushed(VolumeStatus.Barrier barrier) {}

    /**
     * Result of {@link #STOP}.
     *
     * @param uploaded whether everything is in the object store
     * @param pid of the process, which ends next
     */
    public record Stopped(boolean uploaded, long pid) {}

    /** Result of {@link #RELOAD}: the exports that hold now. */
    public record Reloaded(List<String> exports) {}

    /** Result of {@link #EXPORTS}, in the order of the file. */
    public record Exported(List<ExportLine> exports) {}

    /**
     * One export.
     *
     * @param text as the exports file would say it with every option
     * @param found whether its path leads to a directory now
     */
    public record ExportLine(String path, String client, String text, boolean found) {
        public static ExportLine of(Export export, boolean found) {
            return new ExportLine(export.path(), export.client().toString(), export.toString(), found);
        }
    }

    Map<String, AdminHandler> handlers() {
        return ImmutableMap.<String, AdminHandler>builder()
                .put(STATUS, (arguments, progress) -> server.status())
                .put(STATISTICS, (arguments, progress) -> server.volume().statistics())
                .put(ACTIVITY, (arguments, progress) -> server.activity())
                .put(ACCESS_LOG, (arguments, progress) -> accessLog(arguments))
                .put(FLUSH, (arguments, progress) -> flush(progress))
                .put(GARBAGE, this::collectGarbage)
                .put(STOP, this::stop)
                .put(RELOAD, (arguments, progress) -> reload())
                .put(EXPORTS, (arguments, progress) -> exports())
                .putAll(new TuningOperations(server.volume().tuning()).handlers())
                .putAll(new SnapshotOperations(server.volume().snapshots()).handlers())
                .putAll(new CheckOperations(server.volume().checks()).handlers())
                .putAll(new TreeOperations(server.volume().trees()).handlers())
                .putAll(new TrashOperations(server.volume().trash()).handlers())
                .putAll(new MountOperations(server).handlers())
                .buildOrThrow();
    }

    private AccessLog.Batch accessLog(JsonNode arguments) throws CairnException {
        try {
            return server.accessLog()
                    .read(arguments.path(READER).asLong(0), MOST_LINES, WAIT_MILLIS)
                    .orElseThrow(() -> new CairnException(
                            ExitCode.SERVER_NOT_ANSWERING,
                            "too many read the access log, or this one did not ask for too long",
                            "try again in half a minute"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CairnException(ExitCode.INTERRUPTED, "the server is ending", "", e);
        }
    }

    private Flushed flush(Progress progress) throws CairnException {
        server.volume().flush(progress);
        return new Flushed(server.volume().status().barrier());
    }

    private GarbageReport collectGarbage(JsonNode arguments, Progress progress) throws CairnException {
        return server.volume().collectGarbage(flag(arguments, DROP_RESTORE_POINTS), flag(arguments, DRY_RUN), progress);
    }

    private static boolean flag(JsonNode arguments, String name) throws CairnException {
        JsonNode flag = arguments.path(name);
        if (!flag.isMissingNode() && !flag.isBoolean()) {
            throw new CairnException(ExitCode.USAGE, "'" + name + "' is neither true nor false", "");
        }
        return flag.asBoolean(false);
    }

    private Stopped stop(JsonNode arguments, Progress progress) throws CairnException {
        JsonNode timeout = arguments.path(TIMEOUT_MILLIS);
        if (!timeout.isMissingNode()
                && (!timeout.canConvertToLong() || timeout.asLong() < 0 || timeout.asLong() > MAX_TIMEOUT_MILLIS)) {
            throw new CairnException(ExitCode.USAGE, "the time-out of stop is not from 0 to 7 days", "");
        }
        Duration uploading =
                timeout.isMissingNode() ? server.options().config().stopTimeout() : Duration.ofMillis(timeout.asLong());
        return new Stopped(
                server.stop(uploading, progress), ProcessHandle.current().pid());
    }

    private Exported exports() throws CairnException {
        ExportTable table = server.options().exports().get();
        try {
            List<String> missing =
                    TableExportResolver.missing(table, server.volume().fileSystem());
            return new Exported(table.exports().stream()
                    .map(export -> ExportLine.of(export, !missing.contains(export.path())))
                    .toList());
        } catch (FsException e) {
            throw EngineFailures.of(e);
        }
    }

    private Reloaded reload() throws CairnException {
        server.reload();
        return new Reloaded(server.status().exports());
    }
}
