package org.cairnfs.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Failures;
import org.cairnfs.server.Progress;
import org.cairnfs.server.admin.Messages;
import org.cairnfs.server.admin.Messages.Answer;
import org.cairnfs.server.admin.Messages.ProgressEvent;
import org.cairnfs.server.config.PrivateFiles;

/**
 * A server in the background: the same program in a process of its own, in a session of its own, that this one waits for until
 * it is ready or has failed.
 *
 * <p>The passphrase goes through the child's standard input. Its standard output carries the messages of the admin protocol:
 * progress, then a result (ready) or an error. Its standard error, where only a dying JVM writes, goes to a file.
 */
final class Daemon {
    private static final long PROGRESS_NANOS = 100_000_000;

    private Daemon() {}

    /** Starts a background server and waits until it is ready; fails as it fails. */
    static Ready launch(Session session, Path state, List<String> arguments, Optional<Passphrase> passphrase)
            throws CairnException {
        Path errors = state.resolveSibling(state.getFileName() + ".err");
        try {
            PrivateFiles.createDirectories(state.toAbsolutePath().getParent());
            Files.deleteIfExists(errors);
            PrivateFiles.create(errors, new byte[0]);
            Process child = new ProcessBuilder(command(session.main(), arguments))
                    .redirectError(Redirect.to(errors.toFile()))
                    .start();
            Thread onInterrupt = new Thread(child::destroy, "give-up");
            Runtime.getRuntime().addShutdownHook(onInterrupt);
            try {
                send(child, passphrase);
                Ready ready = await(session, child, errors);
                if (Files.size(errors) == 0) {
                    Files.delete(errors);
                }
                return ready;
            } finally {
                Runtime.getRuntime().removeShutdownHook(onInterrupt);
            }
        } catch (IOException e) {
            throw Failures.ofFile("cannot start a server in the background", e);
        } finally {
            passphrase.ifPresent(Passphrase::close);
        }
    }

    /** This JVM's options, class path and main class; a session of its own, so that no terminal's end takes it along. */
    private static List<String> command(Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            command.add("/usr/bin/setsid");
        } else if (Files.isExecutable(Path.of("/usr/bin/nohup"))) {
            command.add("/usr/bin/nohup");
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return command;
    }

    private static void send(Process child, Optional<Passphrase> passphrase) throws IOException {
        try (OutputStream in = child.getOutputStream()) {
            if (passphrase.isPresent()) {
                byte[] bytes = passphrase.get().copyBytes();
                in.write(bytes);
                Arrays.fill(bytes, (byte) 0);
            }
        } catch (IOException e) {
            if (child.isAlive()) {
                throw e;
            } // else it died at once; why, is read next
        }
    }

    private static Ready await(Session session, Process child, Path errors) throws IOException, CairnException {
        try (ProgressDisplay progress = new ProgressDisplay(session);
                BufferedReader out =
                        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            String line = out.readLine();
            while (line != null) {
                Answer answer = Messages.parseAnswer(line.getBytes(StandardCharsets.UTF_8));
                if (answer.result().isPresent()) {
                    return Messages.json().treeToValue(answer.result().get(), Ready.class);
                }
                if (answer.error().isPresent()) {
                    throw answer.error().get();
                }
                answer.progress().ifPresent(event -> event.replay(progress));
                line = out.readLine();
            }
            throw died(child, errors);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the background server's message is not of this version", e);
        }
    }

    private static CairnException died(Process child, Path errors) throws IOException {
        try {
            int status = child.waitFor();
            String last = Files.readAllLines(errors).stream()
                    .filter(text -> !text.isBlank())
                    .reduce((first, second) -> second)
                    .orElse("it said nothing");
            return new CairnException(
                    ExitCode.ofNumber(status),
                    "the background server ended with status " + status + ": " + last,
                    "all that it said is in " + errors);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new CairnException(ExitCode.INTERRUPTED, "interrupted", "", e);
        }
    }

    /** The child's end. Not for several threads at a time, but for progress, which the working thread reports. */
    static final class ToParent implements Progress {
        private final PrintStream out;
        private long lastProgress = System.nanoTime();

        ToParent(PrintStream out) {
            this.out = out;
        }

        @Override
        public synchronized void report(String phase, long done, long total, Unit unit) {
            long now = System.nanoTime();
            if (now - lastProgress >= PROGRESS_NANOS) {
                lastProgress = now;
                write(Messages.progress(new ProgressEvent(phase, done, total, unit)));
            }
        }

        void ready(Ready ready) {
            write(Messages.result(ready));
        }

        void failed(CairnException failure) {
            write(Messages.error(failure));
        }

        private synchronized void write(byte[] line) {
            out.write(line, 0, line.length);
            out.flush();
        }
    }
}
