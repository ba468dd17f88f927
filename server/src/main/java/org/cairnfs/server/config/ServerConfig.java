package org.cairnfs.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.core.objectstore.credentials.CredentialsSources;
import org.cairnfs.server.CairnException;

/**
 * What the configuration file says of a server; {@code config/cairn.conf} explains each key. Sizes are bytes.
 *
 * @param metricsPort of {@code /metrics} on loopback; 0 takes a free one, -1 means none
 * @param metricsPortChosen whether someone chose it, so that finding it taken is an error
 * @param stopTimeout how long a stop by signal goes on uploading
 * @param heapCacheBytes bound of decoded chunks on the heap
 * @param diskCacheBytes bound of sealed ranges on the disk; a local storage needs none and gets none
 * @param dirtyBytes at which writers wait for the object store
 * @param journalBytes at which all mutations wait
 * @param portmapPort at which portmap answers beside the port of NFS; -1 for none
 * @param durability what a COMMIT waits for
 * @param barrierInterval between barriers in the object store, while something changes
 * @param uploadLimit bytes per second to the object store; 0 for no bound
 * @param downloadLimit bytes per second from it; 0 for no bound
 * @param gcInterval between garbage collections in the background; zero for none
 * @param gcLimitBytes how much one of them rewrites
 * @param restoreWindow within which every barrier can be restored
 * @param restoreHourly of how many of the last hours a restore point is kept; so the next three
 * @param nfsLease how long an NFS client may be silent, and how long clients may reclaim after a restart
 * @param logLevel of the log, a name that logback knows
 * @param credentialsFile with the login to the storage; empty for none
 * @param credentialsCommand that prints such a file; empty for none
 */
public record ServerConfig(
        int metricsPort,
        boolean metricsPortChosen,
        Duration stopTimeout,
        long heapCacheBytes,
        long diskCacheBytes,
        long dirtyBytes,
        long journalBytes,
        int portmapPort,
        Durability durability,
        Duration barrierInterval,
        long uploadLimit,
        long downloadLimit,
        Duration gcInterval,
        long gcLimitBytes,
        Duration restoreWindow,
        int restoreHourly,
        int restoreDaily,
        int restoreWeekly,
        int restoreMonthly,
        Duration nfsLease,
        String logLevel,
        Optional<Path> credentialsFile,
        Optional<String> credentialsCommand) {
    /** The port of {@code /metrics} where nothing is said; when it is taken, a free one is used. */
    public static final int DEFAULT_METRICS_PORT = 9249;

    private static final int MOST_POINTS = 1_000;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    /** What holds without a configuration file. */
    public static ServerConfig defaults() {
        try {
            return of(ConfigFile.empty());
        } catch (CairnException e) {
            throw new IllegalStateException("the defaults are within their own ranges", e);
        }
    }

    /** Reads every key, checks every range, refuses keys that do not exist. */
    public static ServerConfig of(ConfigFile file) throws CairnException {
        ServerConfig config = new ServerConfig(
                file.port("metrics-port", DEFAULT_METRICS_PORT),
                file.has("metrics-port"),
                file.duration("stop-timeout", Duration.ofMinutes(1), Duration.ZERO, Duration.ofDays(7)),
                file.bytes("memory-cache", 96 * MIB, 8 * MIB, 1024 * GIB),
                file.bytes("disk-cache", 10 * GIB, 64 * MIB, 1L << 50),
                file.bytes("dirty-limit", GIB, 64 * MIB, 1L << 50),
                file.bytes("journal-limit", 2 * GIB, 256 * MIB, 1L << 50),
                file.port("portmap-port", -1),
                file.oneOf("durability", Durability.class, Durability.LOCAL),
                file.duration("barrier-interval", Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofDays(1)),
                file.rate("upload-limit"),
                file.rate("download-limit"),
                file.duration("gc-interval", Duration.ofHours(1), Duration.ZERO, Duration.ofDays(366)),
                file.bytes("gc-limit", 8 * GIB, 64 * MIB, 1L << 50),
                file.duration("restore-window", Duration.ofDays(1), Duration.ZERO, Duration.ofDays(366)),
                file.count("restore-hourly", 24, MOST_POINTS),
                file.count("restore-daily", 7, MOST_POINTS),
                file.count("restore-weekly", 4, MOST_POINTS),
                file.count("restore-monthly", 6, MOST_POINTS),
                file.duration("nfs-lease", Duration.ofSeconds(90), Duration.ofSeconds(10), Duration.ofHours(1)),
                file.oneOf("log-level", LogLevel.class, LogLevel.INFO).name(),
                file.text("credentials-file").map(Path::of),
                file.text("credentials-command"));
        file.refuseUnknownKeys();
        return config;
    }

    /** The same with another port of {@code /metrics}, chosen on the command line. */
    public ServerConfig withMetricsPort(int port) {
        return new ServerConfig(
                port,
                true,
                stopTimeout,
                heapCacheBytes,
                diskCacheBytes,
                dirtyBytes,
                journalBytes,
                portmapPort,
                durability,
                barrierInterval,
                uploadLimit,
                downloadLimit,
                gcInterval,
                gcLimitBytes,
                restoreWindow,
                restoreHourly,
                restoreDaily,
                restoreWeekly,
                restoreMonthly,
                nfsLease,
                logLevel,
                credentialsFile,
                credentialsCommand);
    }

    /** The same with credentials from elsewhere: one of the two, or none for those of the environment. */
    public ServerConfig withCredentials(Optional<Path> file, Optional<String> command) {
        return new ServerConfig(
                metricsPort,
                metricsPortChosen,
                stopTimeout,
                heapCacheBytes,
                diskCacheBytes,
                dirtyBytes,
                journalBytes,
                portmapPort,
                durability,
                barrierInterval,
                uploadLimit,
                downloadLimit,
                gcInterval,
                gcLimitBytes,
                restoreWindow,
                restoreHourly,
                restoreDaily,
                restoreWeekly,
                restoreMonthly,
                nfsLease,
                logLevel,
                file,
                command);
    }

    /** Where the login to a storage comes from: the file or the command, else the environment. */
    public CredentialsSource credentials(StorageUrl storage) {
        if (storage.isLocal()) {
            return CredentialsSource.NONE;
        }
        return credentialsFile
                .map(file -> CredentialsSources.file(file, storage))
                .or(() -> credentialsCommand.map(command -> CredentialsSources.command(command, storage)))
                .orElseGet(() -> CredentialsSources.environment(System.getenv(), storage));
    }

    /** How much is logged. */
    enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }
}
