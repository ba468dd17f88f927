package org.cairnfs.server.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.testkit.Tools;

/**
 * A real Linux NFS client, by {@code scripts/nfs-client}: mounts a server that listens on this host and runs a command in the
 * mount. Immutable: every option makes another value.
 *
 * <p>The server is best bound to 0.0.0.0, with an export for 10.213.0.0/16.
 */
public final class NfsClient {
    /** An exports line for the guest's addresses and this machine. */
    public static final String EXPORTS =
            "/ 10.213.0.0/16(rw,no_root_squash,insecure) 127.0.0.0/8(rw,no_root_squash,insecure)\n";

    private static final long BOOT_SECONDS = 120;

    private final int port;
    private final List<String> options;
    private final long timeoutSeconds;

    private NfsClient(int port, List<String> options, long timeoutSeconds) {
        this.port = port;
        this.options = List.copyOf(options);
        this.timeoutSeconds = timeoutSeconds;
    }

    /** Skips the test (or fails it, see {@link Tools}) where such a client cannot be had. */
    public static void require() {
        Tools.requireRoot();
        Tools.require("linux.uml", "package user-mode-linux");
        Tools.require("mount.nfs", "package nfs-common");
        Tools.require("ip", "package iproute2");
        Tools.require("modprobe", "package kmod");
        Tools.require("socat", "package socat");
        Tools.require("setpriv", "package util-linux");
        Tools.require("ps", "package procps");
    }

    /** A client of the server at a TCP port of this host, with NFS 4.1. */
    public static NfsClient at(int port) {
        return new NfsClient(port, List.of(), 300);
    }

    /** 3, 4.0, 4.1 or 4.2. */
    public NfsClient version(String version) {
        return with("--vers", version);
    }

    /** More options of {@code scripts/nfs-client}. */
    public NfsClient with(String... more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(Arrays.asList(more));
        return new NfsClient(port, all, timeoutSeconds);
    }

    /** How long the command may take. */
    public NfsClient timeout(long seconds) {
        return new NfsClient(port, options, seconds);
    }

    /** Runs a shell script in the mount, to its end; a guest that hangs is killed. */
    public Result run(String script) throws IOException, InterruptedException {
        try (Running running = start(script)) {
            return running.await();
        }
    }

    /** Starts a shell script in the mount and does not wait. */
    public Running start(String script) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                repository().resolve("scripts/nfs-client").toString(),
                "--port",
                String.valueOf(port),
                "--timeout",
                String.valueOf(timeoutSeconds)));
        command.addAll(options);
        command.addAll(List.of("--", "bash", "-c", script));
        Process process = new ProcessBuilder(command).start();
        process.getOutputStream().close();
        return new Running(process, timeoutSeconds + BOOT_SECONDS);
    }

    /** The top of the source tree, from the module's directory or from the top. */
    public static Path repository() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("scripts/nfs-client")) ? here : here.getParent();
    }

    /**
     * How the script ended.
     *
     * @param status its own; 124 after the time-out, 125 when it was not run
     */
    public record Result(int status, String out, String err) {}

    /** A client that is running. */
    public static final class Running implements AutoCloseable {
        private final Process process;
        private final long limitSeconds;
        private final Captured out;
        private final Captured err;

        private Running(Process process, long limitSeconds) {
            this.process = process;
            this.limitSeconds = limitSeconds;
            this.out = new Captured(process.getInputStream(), "stdout of an NFS client");
            this.err = new Captured(process.getErrorStream(), "stderr of an NFS client");
        }

        /** What the script prints, as it comes. */
        public Captured out() {
            return out;
        }

        public Captured err() {
            return err;
        }

        public boolean isAlive() {
            return process.isAlive();
        }

        /** Waits for the end of the script and of its guest. */
        public Result await() throws IOException, InterruptedException {
            if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
                close();
                throw new IOException(
                        "the NFS client did not end in " + limitSeconds + " s:\n" + out.soFar() + err.soFar());
            }
            return new Result(process.exitValue(), out.all(), err.all());
        }

        /** SIGTERM, on which the client's script takes its guest and network away; then SIGKILL. */
        @Override
        public void close() {
            process.toHandle().destroy();
            try {
                if (!process.waitFor(30, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
