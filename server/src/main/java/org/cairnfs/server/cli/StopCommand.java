package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.AdminOperations;
import org.cairnfs.server.app.AdminOperations.Stopped;
import org.cairnfs.server.config.Sizes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cairn stop}: ends a server cleanly. */
@Command(
        name = "stop",
        description = {
            "Upload everything, data and metadata, and end the server; return when its process is gone.",
            "",
            "Clients that have it mounted wait, and go on when it is served again."
        })
final class StopCommand extends AskCommand {
    private static final long PROCESS_END_SECONDS = 30;

    @Option(
            names = "--stop-timeout",
            paramLabel = "TIME",
            description =
                    "Go on uploading for so long at most, e.g. 30s, 10m, 2h; what is left is uploaded after the next"
                            + " start (default: as configured, else 1m).")
    private String timeout;

    StopCommand(Session session) {
        super(session);
    }

    @Override
    JsonNode ask(Session session, StateOption server) throws CairnException {
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        if (timeout != null) {
            OptionalLong millis = Sizes.parseMillis(timeout);
            arguments.put(
                    AdminOperations.TIMEOUT_MILLIS,
                    millis.orElseThrow(() -> new CairnException(
                            ExitCode.USAGE, "'" + timeout + "' is no time", "--stop-timeout wants e.g. 30s, 10m, 2h")));
        }
        return server.ask(session, AdminOperations.STOP, arguments);
    }

    @Override
    ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
        Stopped stopped = StateOption.read(answer, Stopped.class);
        awaitProcess(stopped.pid());
        if (!stopped.uploaded()) {
            session.say(
                    "stopped cleanly here, but not everything is in the object store yet; the next start uploads it");
            return ExitCode.NOT_UPLOADED;
        }
        if (!printed) {
            session.out().println("Stopped; everything is in the object store.");
        }
        return ExitCode.OK;
    }

    /** Waits for the end of a server's process, which has closed its file system. */
    static void awaitProcess(long pid) throws CairnException {
        try {
            ProcessHandle process = ProcessHandle.of(pid).orElse(null);
            if (process != null) {
                process.onExit().get(PROCESS_END_SECONDS, TimeUnit.SECONDS);
            }
        } catch (TimeoutException e) {
            throw new CairnException(
                    ExitCode.SERVER_NOT_ANSWERING,
                    "the file system is closed, but process " + pid + " does not end",
                    "kill it",
                    e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for a process never fails", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CairnException(ExitCode.INTERRUPTED, "interrupted; the server is ending", "", e);
        }
    }
}
