package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.SnapshotOperations;
import org.cairnfs.server.app.VolumeSnapshots;
import org.cairnfs.server.app.VolumeSnapshots.Change;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn snapshot diff}. Holds {@link #SORTED} differences at most, to sort them; if there are more, they are printed as they come. */
@Command(
        name = "diff",
        description = {
            "Tell how a snapshot differs from a later one, or from the present: what was added (+), removed (-),"
                    + " modified (M, and in what), and renamed (R). It takes time for what differs, not for what there"
                    + " is.",
            "",
            "What is in a directory that was renamed is told only if it changed itself. Up to 100,000 differences are"
                    + " sorted by their paths. With --json, each is an object in a line of its own."
        })
final class SnapshotDiffCommand implements Callable<Integer> {
    private static final int SORTED = 100_000;

    private final Session session;
    private final List<Change> waiting = new ArrayList<>();
    private boolean sorted = true;

    @Parameters(index = "0", paramLabel = "FROM", description = "Name of a snapshot.")
    private String from;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "TO",
            description = "Name of another; the present, if none is given.")
    private String to = "";

    @Option(
            names = "--path",
            paramLabel = "PATH",
            description = "Only what is at or below this absolute path, before or after.")
    private String path = "/";

    @Mixin
    private StateOption server;

    SnapshotDiffCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws CairnException {
        ObjectNode arguments = JsonNodeFactory.instance
                .objectNode()
                .put(SnapshotOperations.NAME, from)
                .put(SnapshotOperations.TO, to)
                .put(SnapshotOperations.PATH, path);
        JsonNode answer = server.ask(
                session,
                SnapshotOperations.DIFF,
                arguments,
                part -> take(
                        StateOption.read(part, SnapshotOperations.Changed.class).changes()));
        printWaiting();
        if (!server.isJson()) {
            print(StateOption.read(answer, VolumeSnapshots.Counts.class));
        }
        return ExitCode.OK.number();
    }

    private void take(List<Change> changes) {
        waiting.addAll(changes);
        if (!sorted || waiting.size() > SORTED) {
            sorted = false;
            printWaiting();
        }
    }

    private void printWaiting() {
        if (sorted) {
            waiting.sort(Comparator.comparing(Change::path).thenComparing(Change::change));
        }
        for (Change change : waiting) {
            session.out().println(server.isJson() ? Output.line(change) : line(change));
        }
        waiting.clear();
    }

    private static String line(Change change) {
        String slash = change.type().equals("directory") && !change.path().equals("/") ? "/" : "";
        return switch (change.change()) {
            case "added" -> "+ " + change.path() + slash;
            case "removed" -> "- " + change.path() + slash;
            case "renamed" -> "R " + change.before() + slash + " -> " + change.path() + slash;
            default -> "M " + change.path() + slash + "  (" + String.join(", ", change.aspects()) + ")";
        };
    }

    private void print(VolumeSnapshots.Counts counts) {
        long all = counts.added() + counts.removed() + counts.modified() + counts.renamed();
        session.out()
                .println(
                        all == 0
                                ? "nothing differs"
                                : String.format(
                                        Locale.ROOT,
                                        "%,d added, %,d removed, %,d modified, %,d renamed",
                                        counts.added(),
                                        counts.removed(),
                                        counts.modified(),
                                        counts.renamed()));
    }
}
