package org.cairnfs.server.cli;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.MountRequest;
import org.cairnfs.server.app.StorageClaim;
import org.cairnfs.server.app.StorageClaim.Hold;
import org.cairnfs.server.config.ConfigFile;
import org.cairnfs.server.config.ServerConfig;
import org.cairnfs.server.exports.Exports;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a server, shared by serve and up. */
final class ServeOptions {
    /** The port that NFS has, which is none of those that only root may take. */
    static final int NFS_PORT = 2049;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Directory on a local disk for journal, database, cache and log"
                    + " (default: one for each storage, in ~/.local/state/cairn).")
    private Path state;

    @Option(
            names = "--listen",
            paramLabel = "ADDR",
            defaultValue = "127.0.0.1",
            description = "Address to serve NFS on; 0.0.0.0 for all (default: ${DEFAULT-VALUE}).")
    private String listen;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "TCP port to serve NFS on; 0 takes a free one (default: " + NFS_PORT + ").")
    private Integer port;

    @Option(
            names = "--exports",
            paramLabel = "F",
            description = "Who may mount, in the syntax of exports(5)"
                    + " (default: this machine only, from reserved ports only, with root not squashed).")
    private Path exports;

    @Option(
            names = "--config",
            paramLabel = "F",
            description = "Configuration file (default: ~/.config/cairn/cairn.conf or /etc/cairn/cairn.conf, if any).")
    private Path config;

    @Option(
            names = "--metrics-port",
            paramLabel = "N",
            description =
                    "Port of dashboard and /metrics on loopback; 0 takes a free one (default: as configured, else "
                            + ServerConfig.DEFAULT_METRICS_PORT + ", or a free one where that is taken).")
    private Integer metricsPort;

    @Option(
            names = "--take-over",
            description =
                    "Take the storage from a server that did not give it back. Only when that one is dead for good, or"
                            + " has no way to the storage any more: what it had not uploaded is not there.")
    private boolean takeOver;

    @Option(
            names = "--at-least",
            paramLabel = "LINK",
            description =
                    "Serve only if the storage holds all up to this link, as 'cairn status' of its server printed it:"
                            + " a storage that was rolled back to before is refused.")
    private String atLeast;

    @Mixin
    private CredentialsOptions login;

    @Option(names = "--daemon", description = "Serve in the background; return as soon as it is ready.")
    private boolean daemon;

    @Option(names = "--json", description = "Say that it is ready (and what was made) in one line of JSON each.")
    private boolean json;

    private boolean readOnly;
    private boolean inBackground;
    private Optional<MountRequest> mount = Optional.empty();
    private List<String> mountArguments = List.of();

    /** It is mounted on this machine, too; these arguments say so to a background server. */
    void mount(MountRequest wanted, List<String> arguments) {
        mount = Optional.of(wanted);
        mountArguments = arguments;
    }

    Optional<MountRequest> mount() {
        return mount;
    }

    /** As with --daemon. */
    void inBackground() {
        inBackground = true;
    }

    /** The storage is only read. */
    void readOnly() {
        readOnly = true;
    }

    boolean isReadOnly() {
        return readOnly;
    }

    boolean isDaemon() {
        return daemon || inBackground;
    }

    /** What is asked of the storage. */
    StorageClaim claim() throws CairnException {
        if (takeOver && readOnly) {
            throw new CairnException(
                    ExitCode.USAGE, "--read-only takes the storage from nobody", "leave --take-over out");
        }
        Hold hold = readOnly ? Hold.SHARED : takeOver ? Hold.TAKEN_OVER : Hold.FREE;
        return StorageClaim.of(hold, Optional.ofNullable(atLeast));
    }

    boolean isJson() {
        return json;
    }

    boolean hasPort() {
        return port != null;
    }

    /** Used where the user chose none. */
    void presetPort(int preset) {
        port = preset;
    }

    Path state(Session session, StorageUrl storage) {
        if (state != null) {
            return session.workingDirectory().resolve(state);
        }
        return readOnly
                ? session.directories().readerStateOf(storage)
                : session.directories().stateOf(storage);
    }

    InetSocketAddress listen() throws CairnException {
        int chosen = port == null ? NFS_PORT : port;
        if (chosen < 0 || chosen > 65_535) {
            throw new CairnException(ExitCode.USAGE, "there is no port " + chosen, "--port wants 0 to 65535");
        }
        return new InetSocketAddress(address(), chosen);
    }

    private InetAddress address() throws CairnException {
        if (InetAddresses.isInetAddress(listen)) {
            return InetAddresses.forString(listen);
        }
        try {
            return InetAddress.getByName(listen);
        } catch (UnknownHostException e) {
            throw new CairnException(
                    ExitCode.USAGE, "'" + listen + "' is no address", "--listen wants an address of this machine", e);
        }
    }

    /** What the user may have overlooked; none or one line. */
    Optional<String> warning() throws CairnException {
        return exports != null || listen().getAddress().isLoopbackAddress()
                ? Optional.empty()
                : Optional.of("listening on " + listen + ", but without --exports only this machine may mount");
    }

    Exports exports() throws CairnException {
        return readOnly ? Exports.readOnly(Optional.ofNullable(exports)) : Exports.of(Optional.ofNullable(exports));
    }

    ServerConfig config(Session session) throws CairnException {
        ServerConfig read =
                login.apply(session, config == null ? session.config() : ServerConfig.of(ConfigFile.read(config)));
        if (metricsPort == null) {
            return read;
        }
        if (metricsPort < 0 || metricsPort > 65_535) {
            throw new CairnException(
                    ExitCode.USAGE, "there is no port " + metricsPort, "--metrics-port wants 0 to 65535");
        }
        return read.withMetricsPort(metricsPort);
    }

    /** The command line of a background server that is to do the same. */
    List<String> childArguments(Session session, StorageUrl storage) throws CairnException {
        List<String> arguments = new ArrayList<>(List.of("serve", storage.toString()));
        arguments.addAll(List.of("--state", state(session, storage).toString()));
        arguments.addAll(List.of("--listen", listen));
        arguments.addAll(List.of("--port", String.valueOf(listen().getPort())));
        addPath(arguments, "--exports", exports);
        addPath(arguments, "--config", config);
        if (metricsPort != null) {
            arguments.addAll(List.of("--metrics-port", metricsPort.toString()));
        }
        if (takeOver) {
            arguments.add("--take-over");
        }
        if (atLeast != null) {
            arguments.addAll(List.of("--at-least", atLeast));
        }
        if (readOnly) {
            arguments.add("--read-only");
        }
        arguments.addAll(mountArguments);
        arguments.addAll(login.childArguments(session));
        arguments.add("--daemon-child");
        return arguments;
    }

    private static void addPath(List<String> arguments, String option, Path path) {
        if (path != null) {
            arguments.addAll(List.of(option, path.toAbsolutePath().toString()));
        }
    }
}
