package org.cairnfs.server.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.testkit.Tools;
import org.cairnfs.server.cli.Main;
import org.cairnfs.server.testing.CairnProcess;
import org.cairnfs.server.testing.CairnProcess.Launcher;

/**
 * A server process that serves NFS and mounts its new file system on this machine, beside a local directory to compare with. For one thread; what is left
 * mounted is unmounted at the latest when this is closed.
 */
final class MountedServer implements AutoCloseable {
    private final Path home;
    private final Path mounted;
    private final Path local;
    private final Launcher cairn;
    private final String[] options;
    private CairnProcess server;

    /**
     * Makes a file system, and mounts it.
     *
     * @param home an empty directory
     * @param options more of them, of {@code cairn serve}
     */
    MountedServer(Path home, String... options) throws Exception {
        Tools.requireRoot();
        Tools.requireThat(Files.exists(Path.of("/dev/fuse")), "needs /dev/fuse");
        Tools.require("fusermount", "package fuse3");
        this.home = home;
        this.options = options.clone();
        mounted = Files.createDirectory(home.resolve("mounted"));
        local = Files.createDirectory(home.resolve("local"));
        cairn = Launcher.of(home, Main.class.getName());
        assertThat(cairn.run("mkfs", "--plain", url()).code()).isZero();
        start();
    }

    String url() {
        return "local://" + home.resolve("store");
    }

    /** Where it is mounted. */
    Path mounted() {
        return mounted;
    }

    /** A directory of this machine. */
    Path local() {
        return local;
    }

    Launcher cairn() {
        return cairn;
    }

    CairnProcess server() {
        return server;
    }

    /** Starts the server, which has ended, again. */
    void start() throws Exception {
        Path exports = Files.writeString(home.resolve("exports"), "/ 127.0.0.1(rw,insecure,no_root_squash)\n");
        List<String> arguments = new ArrayList<>(List.of("serve", url(), "--mountpoint", mounted.toString()));
        arguments.addAll(List.of("--allow-other", "--port", "0", "--metrics-port=0", "--exports", exports.toString()));
        arguments.addAll(List.of(options));
        server = cairn.serve(arguments.toArray(new String[0]));
    }

    /** Runs {@code cairn mount} in the foreground instead. */
    void startForMount() throws Exception {
        server = cairn.serve("mount", url(), mounted.toString(), "--foreground", "--metrics-port=0");
    }

    /** Starts a program in a directory; what it says, errors too, is read from its output. */
    static Process start(Path directory, String... command) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    /** All that a program says until it ends. */
    static String said(Process process) throws Exception {
        String said = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
        process.waitFor();
        return said;
    }

    /** What a program says. */
    static String run(Path directory, String... command) throws Exception {
        return said(start(directory, command));
    }

    /** What a script says in the mount. */
    String run(String script) throws Exception {
        return run(mounted, "bash", "-c", script);
    }

    @Override
    public void close() throws Exception {
        server.close();
        // What the server has left of the mount; nothing, if the test ended it.
        run(home, "umount", "-l", mounted.toString());
    }
}
