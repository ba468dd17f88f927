package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.activity.AccessLog;
import org.cairnfs.server.admin.AdminClient;
import org.cairnfs.server.app.AdminOperations;
import org.cairnfs.server.config.Sizes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cairn access-log}: each operation of each client, as it comes. */
@Command(
        name = "access-log",
        description = {
            "Print each operation that clients ask for, until Ctrl-C: when, from where, by whom, what, with what"
                    + " result, how long it took. The server notes them only while somebody reads, and keeps nothing. No"
                    + " client waits for a reader: what one cannot read in time is left out, and a line says how many that"
                    + " were.",
            "",
            "Names and paths of files are among them, but no contents."
        })
final class AccessLogCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
    private static final double NANOS_PER_MICRO = 1_000;

    private final Session session;

    @Mixin
    private StateOption server;

    @Option(names = "--for", paramLabel = "TIME", description = "End by itself after so long.")
    private String duration;

    AccessLogCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws CairnException {
        OptionalLong millis = duration == null ? OptionalLong.of(Long.MAX_VALUE) : Sizes.parseMillis(duration);
        if (millis.isEmpty()) {
            throw new CairnException(ExitCode.USAGE, "'" + duration + "' is no time", "--for wants e.g. 30s");
        }
        try (AdminClient client = AdminClient.connect(server.directory(session))) {
            follow(client, millis.getAsLong());
            return ExitCode.OK.number();
        } catch (IOException e) {
            throw new CairnException(ExitCode.SERVER_NOT_ANSWERING, "the connection to the server broke", "", e);
        }
    }

    private void follow(AdminClient client, long millis) throws CairnException {
        long begun = System.nanoTime();
        long reader = 0;
        do {
            ObjectNode arguments = JsonNodeFactory.instance.objectNode().put(AdminOperations.READER, reader);
            AccessLog.Batch batch = StateOption.read(
                    client.call(AdminOperations.ACCESS_LOG, arguments, Progress.NONE), AccessLog.Batch.class);
            reader = batch.reader();
            if (batch.dropped() > 0) {
                session.say(batch.dropped() + " operations are left out, as they came too fast");
            }
            batch.lines().forEach(line -> session.out().println(server.isJson() ? Output.line(line) : text(line)));
        } while (!session.out().checkError() && TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) < millis);
    }

    private static String text(AccessLog.Line line) {
        return String.format(
                Locale.ROOT,
                "%s %s %s %s %s %s %.0fus %s %s",
                TIME.format(Instant.ofEpochMilli(line.atMillis()).atZone(ZoneId.systemDefault())),
                line.client(),
                line.user(),
                line.version(),
                line.operation(),
                line.result(),
                line.nanos() / NANOS_PER_MICRO,
                line.path().isEmpty() ? "-" : line.path(),
                line.asked());
    }
}
