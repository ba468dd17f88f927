package org.cairnfs.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.core.objectstore.credentials.CredentialsSources;
import org.cairnfs.server.CairnException;

/**
 * What the configuration file says of a server; {@code config/cairn.conf} explains each key. Sizes are bytes.
 *
 * @param stopTimeout how long a stop by signal goes on uploading
 * @param scrubbing when all data is read back
 * @param trashKeep how long what is removed is kept; zero for no trash
 * @param snapshots which snapshots the schedule keeps, and how often it makes one
 * @param logLevel of the log, a name that logback knows
 */
public record ServerConfig(
        MetricsPort metrics,
        Duration stopTimeout,
        Bounds bounds,
        Shipping shipping,
        Garbage garbage,
        Scrubbing scrubbing,
        Unlocking unlocking,
        Duration trashKeep,
        SnapshotsKept snapshots,
        Nfs nfs,
        String logLevel,
        Login login) {
    /** The port of {@code /metrics} where nothing is said; when it is taken, a free one is used. */
    public static final int DEFAULT_METRICS_PORT = 9249;

    private static final int MOST_POINTS = 1_000;
    private static final int MOST_DELEGATIONS = 1_000_000;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    /**
     * Where {@code /metrics} are, on loopback.
     *
     * @param number 0 takes a free one, -1 means none
     * @param chosen whether someone chose it, so that finding it taken is an error
     */
    public record MetricsPort(int number, boolean chosen) {}

    /** Of how many hours, days, weeks, months and years the last snapshot of the schedule is kept; nowhere any: there is no schedule. */
    public record SnapshotsKept(int hourly, int daily, int weekly, int monthly, int yearly) {}

    /**
     * How much there may be.
     *
     * @param heapCacheBytes decoded chunks on the heap
     * @param diskCacheBytes sealed ranges on the disk; a local storage needs none and gets none
     * @param dirtyBytes at which writers wait for the object store
     * @param journalBytes at which all mutations wait
     */
    public record Bounds(long heapCacheBytes, long diskCacheBytes, long dirtyBytes, long journalBytes) {}

    /**
     * How the object store is brought up to date.
     *
     * @param durability what a COMMIT waits for
     * @param interval between barriers, while something changes
     * @param uploadLimit bytes per second to the object store; 0 for no bound
     * @param downloadLimit bytes per second from it; 0 for no bound
     * @param compression of new data; empty for the one that the file system was made with
     */
    public record Shipping(
            Durability durability,
            Duration interval,
            long uploadLimit,
            long downloadLimit,
            Optional<Compression> compression) {}

    /**
     * When garbage is collected, and what is kept of the past.
     *
     * @param interval between collections in the background; zero for none
     * @param limitBytes how much one of them rewrites
     * @param window within which every barrier can be restored
     * @param hourly of how many of the last hours a restore point is kept; so the next three
     */
    public record Garbage(
            Duration interval, long limitBytes, Duration window, int hourly, int daily, int weekly, int monthly) {}

    /**
     * When all data is read back in the background.
     *
     * @param every from the end of one time to the next; zero for never
     * @param bytesPerSecond of the object store, on average
     */
    public record Scrubbing(Duration every, long bytesPerSecond) {}

    /**
     * How NFS is served.
     *
     * @param portmapPort at which portmap answers beside the port of NFS; -1 for none
     * @param rpcbind whether the host's rpcbind is told what is served
     * @param manageGids whose word on the groups of users counts
     * @param lease how long a client may be silent, and how long clients may reclaim after a restart
     * @param security what Kerberos and TLS want
     * @param limits what clients may have
     * @param delegations what clients may keep in their caches without asking
     */
    public record Nfs(
            int portmapPort,
            Rpcbind rpcbind,
            ManageGids manageGids,
            Duration lease,
            NetworkSecurity security,
            ClientLimits limits,
            Delegations delegations) {
        /** The same with another lease. */
        public Nfs withLease(Duration other) {
            return new Nfs(portmapPort, rpcbind, manageGids, other, security, limits, delegations);
        }

        /** The same with other limits. */
        public Nfs withLimits(ClientLimits other) {
            return new Nfs(portmapPort, rpcbind, manageGids, lease, security, other, delegations);
        }
    }

    /**
     * How many delegations NFSv4 clients get.
     *
     * @param kind of delegation, if any
     * @param perClient of one client
     * @param total of all clients
     */
    public record Delegations(DelegationKind kind, int perClient, int total) {}

    /** What delegations are given. */
    public enum DelegationKind {
        /** For reading. */
        READ,
        OFF
    }

    /**
     * The login to the storage: one of the two, or none for that of the environment.
     *
     * @param file with it
     * @param command that prints such a file
     */
    public record Login(Optional<Path> file, Optional<String> command) {
        /** Whether neither is given. */
        public boolean isEmpty() {
            return file.isEmpty() && command.isEmpty();
        }
    }

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
                new MetricsPort(file.port("metrics-port", DEFAULT_METRICS_PORT), file.has("metrics-port")),
                file.duration("stop-timeout", Duration.ofMinutes(1), Duration.ZERO, Duration.ofDays(7)),
                new Bounds(
                        file.bytes("memory-cache", 96 * MIB, 8 * MIB, 1024 * GIB),
                        file.bytes("disk-cache", 10 * GIB, 64 * MIB, 1L << 50),
                        file.bytes("dirty-limit", GIB, 64 * MIB, 1L << 50),
                        file.bytes("journal-limit", 2 * GIB, 256 * MIB, 1L << 50)),
                new Shipping(
                        file.oneOf("durability", Durability.class, Durability.LOCAL),
                        file.duration(
                                "barrier-interval", Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofDays(1)),
                        file.rate("upload-limit"),
                        file.rate("download-limit"),
                        file.compression("compression")),
                garbage(file),
                new Scrubbing(
                        file.duration("scrub-every", Duration.ZERO, Duration.ZERO, Duration.ofDays(3_660)),
                        file.bytes("scrub-rate", 4 * MIB, 1 << 10, 1L << 40)),
                file.oneOf("unlock", Unlocking.class, Unlocking.NEVER),
                file.duration("trash-keep", Duration.ZERO, Duration.ZERO, Duration.ofDays(3_660)),
                snapshots(file),
                new Nfs(
                        file.port("portmap-port", -1),
                        file.oneOf("rpcbind", Rpcbind.class, Rpcbind.OFF),
                        file.oneOf("manage-gids", ManageGids.class, ManageGids.OFF),
                        file.duration("nfs-lease", Duration.ofSeconds(90), Duration.ofSeconds(10), Duration.ofHours(1)),
                        NetworkSecurity.of(file),
                        ClientLimits.of(file),
                        new Delegations(
                                file.oneOf("delegations", DelegationKind.class, DelegationKind.READ),
                                file.count("delegations-per-client", 10_000, MOST_DELEGATIONS),
                                file.count("delegations-total", 100_000, MOST_DELEGATIONS))),
                file.oneOf("log-level", LogLevel.class, LogLevel.INFO).name(),
                new Login(file.text("credentials-file").map(Path::of), file.text("credentials-command")));
        file.refuseUnknownKeys();
        return config;
    }

    private static SnapshotsKept snapshots(ConfigFile file) throws CairnException {
        return new SnapshotsKept(
                file.count("snapshots-hourly", 0, MOST_POINTS),
                file.count("snapshots-daily", 0, MOST_POINTS),
                file.count("snapshots-weekly", 0, MOST_POINTS),
                file.count("snapshots-monthly", 0, MOST_POINTS),
                file.count("snapshots-yearly", 0, MOST_POINTS));
    }

    private static Garbage garbage(ConfigFile file) throws CairnException {
        return new Garbage(
                file.duration("gc-interval", Duration.ofHours(1), Duration.ZERO, Duration.ofDays(366)),
                file.bytes("gc-limit", 8 * GIB, 64 * MIB, 1L << 50),
                file.duration("restore-window", Duration.ofDays(1), Duration.ZERO, Duration.ofDays(366)),
                file.count("restore-hourly", 24, MOST_POINTS),
                file.count("restore-daily", 7, MOST_POINTS),
                file.count("restore-weekly", 4, MOST_POINTS),
                file.count("restore-monthly", 6, MOST_POINTS));
    }

    /** The same with another port of {@code /metrics}, chosen on the command line. */
    public ServerConfig withMetricsPort(int port) {
        return new ServerConfig(
                new MetricsPort(port, true),
                stopTimeout,
                bounds,
                shipping,
                garbage,
                scrubbing,
                unlocking,
                trashKeep,
                snapshots,
                nfs,
                logLevel,
                login);
    }

    /** The same with a login from elsewhere. */
    public ServerConfig withLogin(Login other) {
        return new ServerConfig(
                metrics,
                stopTimeout,
                bounds,
                shipping,
                garbage,
                scrubbing,
                unlocking,
                trashKeep,
                snapshots,
                nfs,
                logLevel,
                other);
    }

    /** Where the login to a storage comes from: the file or the command, else the environment. */
    public CredentialsSource credentials(StorageUrl storage) {
        if (storage.isLocal()) {
            return CredentialsSource.NONE;
        }
        return login.file()
                .map(file -> CredentialsSources.file(file, storage))
                .or(() -> login.command().map(command -> CredentialsSources.command(command, storage)))
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
