package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.TrashOperations;
import org.cairnfs.server.app.VolumeTrash;
import org.cairnfs.server.config.Sizes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cairn trash list}. */
@Command(
        name = "list",
        description = {
            "Tell what is in the trash: when it was removed, its inode, type and size, and where it was. What goes"
                    + " first is first. Goes through the whole trash. With --json, each is an object in a line of its own."
        })
final class TrashListCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(arity = "0..1", paramLabel = "PATH", description = "Only what was at or below this absolute path (/).")
    private String path = "/";

    @Mixin
    private StateOption server;

    TrashListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws CairnException {
        JsonNode answer = server.ask(
                session,
                TrashOperations.LIST,
                JsonNodeFactory.instance.objectNode().put(TrashOperations.PATH, path),
                part -> print(
                        StateOption.read(part, TrashOperations.Listed.class).items()));
        if (!server.isJson()) {
            VolumeTrash.Counts counts = StateOption.read(answer, VolumeTrash.Counts.class);
            session.out()
                    .println(
                            counts.items() == 0
                                    ? "nothing is in the trash" + (path.equals("/") ? "" : " that was at " + path)
                                    : String.format(
                                            Locale.ROOT,
                                            "%,d removed, %s",
                                            counts.items(),
                                            Sizes.formatBytes(counts.bytes())));
        }
        return ExitCode.OK.number();
    }

    private void print(List<VolumeTrash.Item> items) {
        for (VolumeTrash.Item item : items) {
            session.out().println(server.isJson() ? Output.line(item) : line(item));
        }
    }

    private static String line(VolumeTrash.Item item) {
        boolean directory = item.type().equals("directory");
        String path = item.path().isEmpty() ? "(its directory is gone)" : item.path() + (directory ? "/" : "");
        return String.format(
                Locale.ROOT,
                "%s  %8d  %-9s  %9s  %s",
                PointInTime.format(item.removedMillis(), ZoneId.systemDefault()),
                item.inode(),
                item.type(),
                directory ? "" : Sizes.formatBytes(item.bytes()),
                path);
    }
}
