package org.cairnfs.server.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.cairnfs.server.admin.Messages;

/**
 * A {@code cairn} process of a test: started from the test's class path in a JVM of its own with {@code -Xmx512m} and a home
 * directory of its own, killed by its handle at the latest when closed. For one thread.
 */
public final class CairnProcess implements AutoCloseable {
    private static final long START_SECONDS = 120;
    private static final long STOP_SECONDS = 120;

    /** As scripts/cairn starts what lives for a moment only. */
    private static final List<String> QUICK_START = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    /** How processes of one test are started. */
    public static final class Launcher {
        private final Path home;
        private final List<String> program;
        private final Map<String, String> environment = new HashMap<>();

        private Launcher(Path home, List<String> program) {
            this.home = home;
            this.program = program;
        }

        /**
         * Runs a main class of the test's class path.
         *
         * @param home takes the place of the user's home directory
         * @param jvmOptions such as {@code -Dname=value}
         */
        public static Launcher of(Path home, String mainClass, String... jvmOptions) {
            List<String> program = new ArrayList<>();
            program.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            program.addAll(List.of("-Xmx512m", "-XX:+ExitOnOutOfMemoryError"));
            program.addAll(Arrays.asList(jvmOptions));
            program.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
            return new Launcher(home, program);
        }

        /** Runs a program, e.g. {@code scripts/cairn}. */
        public static Launcher ofProgram(Path home, Path program) {
            return new Launcher(home, List.of(program.toString()));
        }

        /** Adds to the environment of what is started from now on. */
        public Launcher with(String variable, String value) {
            environment.put(variable, value);
            return this;
        }

        /** Starts a server ({@code serve ...} or {@code up ...}, in the foreground) and waits until it is ready. */
        public CairnProcess serve(String... arguments) throws IOException, InterruptedException {
            List<String> all = new ArrayList<>(Arrays.asList(arguments));
            all.add("--json");
            CairnProcess process = start(all, "");
            try {
                process.awaitReady();
                return process;
            } catch (IOException | InterruptedException | RuntimeException e) {
                process.close();
                throw e;
            }
        }

        /** Runs a command to its end. */
        public Result run(String... arguments) throws IOException, InterruptedException {
            return runWithInput("", arguments);
        }

        /** Runs a command to its end, with something to read. */
        public Result runWithInput(String input, String... arguments) throws IOException, InterruptedException {
            try (CairnProcess process = start(Arrays.asList(arguments), input)) {
                return process.await(STOP_SECONDS);
            }
        }

        /** Starts a command and does not wait. */
        public CairnProcess start(List<String> arguments, String input) throws IOException {
            List<String> command = new ArrayList<>(program);
            if (program.size() > 1 && !isServer(arguments)) {
                command.addAll(1, QUICK_START);
            }
            command.addAll(arguments);
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().put("HOME", home.toString());
            builder.environment().keySet().removeIf(name -> name.startsWith("XDG_") || name.startsWith("CAIRN_"));
            builder.environment().putAll(environment);
            Process process = builder.start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                if (process.isAlive()) {
                    throw e;
                } // else it ended without reading
            }
            return new CairnProcess(this, arguments, process);
        }
    }

    private static boolean isServer(List<String> arguments) {
        return arguments.contains("serve") || arguments.contains("up");
    }

    /**
     * How a command ended.
     *
     * @param code exit status; 128 and more after a signal
     */
    public record Result(int code, String out, String err) {
        /** Standard output as JSON. */
        public JsonNode json() throws IOException {
            return Messages.json().readTree(out);
        }
    }

    private final Launcher launcher;
    private final List<String> arguments;
    private final Process process;
    private final Captured out;
    private final Captured err;
    private JsonNode ready;

    private CairnProcess(Launcher launcher, List<String> arguments, Process process) {
        this.launcher = launcher;
        this.arguments = arguments;
        this.process = process;
        this.out = new Captured(process.getInputStream(), "stdout of " + process.pid());
        this.err = new Captured(process.getErrorStream(), "stderr of " + process.pid());
    }

    private void awaitReady() throws IOException, InterruptedException {
        String line = out.awaitLine(text -> text.startsWith("{") && text.contains("\"port\""), START_SECONDS)
                .orElseThrow(() -> new IOException("cairn " + arguments + " did not get ready:\n" + log()));
        ready = Messages.json().readTree(line);
    }

    /** What it said when it was ready. */
    public JsonNode ready() {
        return ready;
    }

    /** The port that it serves NFS on. */
    public int port() {
        return ready.get("port").intValue();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** All that it said so far. */
    public String log() {
        return out.soFar() + err.soFar();
    }

    public Captured err() {
        return err;
    }

    /** SIGKILL: nothing is written, nothing is closed. Returns when the process is gone. */
    public void kill9() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** SIGTERM, and waits for the end. */
    public Result terminate() throws IOException, InterruptedException {
        process.toHandle().destroy(); // Process.destroy would close the streams, too
        return await(STOP_SECONDS);
    }

    /** The same command again; this one must have ended. A server that took a free port gets the same one again. */
    public CairnProcess restart() throws IOException, InterruptedException {
        if (process.isAlive()) {
            throw new IllegalStateException("process " + process.pid() + " still runs");
        }
        List<String> again = new ArrayList<>(arguments.subList(0, arguments.size() - 1));
        int port = again.indexOf("--port");
        if (port >= 0) {
            again.set(port + 1, String.valueOf(port()));
        }
        return launcher.serve(again.toArray(new String[0]));
    }

    /** Waits for the end of the process. */
    public Result await(long seconds) throws IOException, InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("cairn " + arguments + " did not end in " + seconds + " s:\n" + log());
        }
        return new Result(process.exitValue(), out.all(), err.all());
    }

    /** SIGKILL, if it still runs; its ports and locks are free when this returns. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
