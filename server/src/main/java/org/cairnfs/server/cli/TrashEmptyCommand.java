package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Locale;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.TrashOperations;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn trash empty}. */
@Command(name = "empty", description = "Free what is in the trash, for good. What snapshots hold of it stays in them.")
final class TrashEmptyCommand extends AskCommand {
    @ArgGroup(multiplicity = "0..1")
    private What what = new What();

    /** A path or an inode. */
    private static final class What {
        @Parameters(
                arity = "0..1",
                paramLabel = "PATH",
                description = "Only what was at or below this absolute path (/).")
        private String path = "/";

        @Option(names = "--inode", paramLabel = "N", description = "Only the one with this number.")
        private long inode;
    }

    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            description = "Only what was removed before: " + PointInTime.HELP + ".")
    private String olderThan;

    @Mixin
    private Confirmation confirmation;

    TrashEmptyCommand(Session session) {
        super(session);
    }

    @Override
    JsonNode ask(Session session, StateOption server) throws CairnException {
        ObjectNode arguments = JsonNodeFactory.instance
                .objectNode()
                .put(TrashOperations.INODE, what.inode)
                .put(TrashOperations.PATH, what.path);
        if (olderThan != null) {
            arguments.put(
                    TrashOperations.BEFORE,
                    PointInTime.parse(olderThan, Clock.system(ZoneId.systemDefault()))
                            .toEpochMilli());
        }
        confirmation.ask(
                session,
                "free for good what was removed"
                        + (what.inode != 0 ? " (inode " + what.inode + ")" : " at or below " + what.path)
                        + (olderThan == null ? "" : ", before " + olderThan) + "?");
        return server.ask(session, TrashOperations.EMPTY, arguments);
    }

    @Override
    ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
        if (!printed) {
            long items = StateOption.read(answer, TrashOperations.Emptied.class).items();
            session.out().println(String.format(Locale.ROOT, "freed: %,d", items));
        }
        return ExitCode.OK;
    }
}
