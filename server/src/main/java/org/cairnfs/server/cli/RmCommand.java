package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.TreeOperations;
import org.cairnfs.server.app.Trees;
import org.cairnfs.server.config.Sizes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn rm}: removes whole trees. */
@Command(
        name = "rm",
        description = {
            "Remove files, and directories with all that is in them: they are gone for everybody at once, all of them"
                    + " or, if one is not there or holds something immutable, none. What they held is freed after that;"
                    + " this command waits for it, and need not.",
            "",
            "Files in them that have other names live on with those, open files until they are closed. If there is a"
                    + " trash (see cairn trash), all goes there."
        })
final class RmCommand extends AskCommand {
    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Absolute paths inside the file system.")
    private List<String> paths;

    @Option(names = "--forever", description = "Free it even if there is a trash that would keep it.")
    private boolean forever;

    @Option(names = "--no-wait", description = "Do not wait until all is freed.")
    private boolean noWait;

    @Mixin
    private Confirmation confirmation;

    RmCommand(Session session) {
        super(session);
    }

    @Override
    JsonNode ask(Session session, StateOption server) throws CairnException {
        confirmation.ask(session, "remove " + String.join(", ", paths) + ", with all that is in it?");
        return server.ask(
                session,
                TreeOperations.REMOVE,
                LockCommand.arguments(paths)
                        .put(TreeOperations.FOREVER, forever)
                        .put(TreeOperations.WAIT, !noWait));
    }

    @Override
    ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
        if (!printed) {
            Trees.Removed removed = StateOption.read(answer, Trees.Removed.class);
            session.out()
                    .println(
                            removed.freed()
                                    ? String.format(
                                            Locale.ROOT,
                                            "removed: %,d %s, %s",
                                            removed.entries(),
                                            removed.entries() == 1 ? "entry" : "entries",
                                            Sizes.formatBytes(removed.bytes()))
                                    : "removed; what it held is being freed");
        }
        return ExitCode.OK;
    }
}
