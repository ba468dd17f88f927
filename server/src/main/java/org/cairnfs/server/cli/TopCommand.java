package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Progress;
import org.cairnfs.server.admin.AdminClient;
import org.cairnfs.server.app.AdminOperations;
import org.cairnfs.server.app.ServerActivity;
import org.cairnfs.server.config.Sizes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cairn top}: what a server does, as it does it. */
@Command(
        name = "top",
        description = {
            "Show what a server does, until Ctrl-C: operations of clients with their rates and durations, caches,"
                    + " journal, requests to the object store, clients. Where standard output is no terminal, a block of"
                    + " lines each time; with --json, one line of JSON."
        })
final class TopCommand implements Callable<Integer> {
    private static final int PLAIN_WIDTH = 200;
    private static final int PLAIN_HEIGHT = 60;
    private static final long SHORTEST_MILLIS = 100;

    private final Session session;

    @Mixin
    private StateOption server;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "2s",
            description = "How often (default: ${DEFAULT-VALUE}).")
    private String interval;

    @Option(names = "--once", description = "Show one interval, and end.")
    private boolean once;

    TopCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws CairnException {
        OptionalLong millis = Sizes.parseMillis(interval);
        if (millis.isEmpty() || millis.getAsLong() < SHORTEST_MILLIS) {
            throw new CairnException(ExitCode.USAGE, "'" + interval + "' is no interval", "--interval wants e.g. 2s");
        }
        try (AdminClient client = AdminClient.connect(server.directory(session))) {
            if (server.isJson()) {
                watch(
                        client,
                        millis.getAsLong(),
                        report -> session.out().println(once ? Output.pretty(report) : Output.line(report)));
            } else if (once || !session.terminal().isInteractive()) {
                watch(client, millis.getAsLong(), report -> {
                    text(report, PLAIN_WIDTH, PLAIN_HEIGHT).forEach(session.out()::println);
                    session.out().println();
                });
            } else {
                try (Screen screen = new Screen(session.out())) {
                    watch(client, millis.getAsLong(), report -> {
                        Screen.Size size = Screen.size();
                        screen.paint(text(report, size.columns(), size.rows()));
                    });
                }
            }
            return ExitCode.OK.number();
        } catch (IOException e) {
            throw new CairnException(ExitCode.SERVER_NOT_ANSWERING, "the connection to the server broke", "", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED.number();
        }
    }

    private static List<String> text(TopReport report, int width, int height) {
        return TopText.lines(report, System.currentTimeMillis(), width, height);
    }

    private void watch(AdminClient client, long millis, Consumer<TopReport> show)
            throws CairnException, InterruptedException {
        ServerActivity before = ask(client);
        do {
            TimeUnit.MILLISECONDS.sleep(millis);
            ServerActivity now = ask(client);
            show.accept(TopReport.between(before, now));
            session.out().flush();
            before = now;
        } while (!once && !session.out().checkError()); // nobody reads a pipe that is closed
    }

    private static ServerActivity ask(AdminClient client) throws CairnException {
        return StateOption.read(
                client.call(AdminOperations.ACTIVITY, JsonNodeFactory.instance.objectNode(), Progress.NONE),
                ServerActivity.class);
    }
}
