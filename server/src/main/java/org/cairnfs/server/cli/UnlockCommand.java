package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.TreeOperations;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code cairn unlock}: lets go of trees, where that is allowed. */
@Command(
        name = "unlock",
        description = {
            "Take away the locks without a date that 'cairn lock' put on these paths, if the configuration of the server says"
                    + " unlock = allowed. A lock with a date ends then, and not before."
        })
final class UnlockCommand extends AskCommand {
    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Absolute paths inside the file system.")
    private List<String> paths;

    UnlockCommand(Session session) {
        super(session);
    }

    @Override
    JsonNode ask(Session session, StateOption server) throws CairnException {
        return server.ask(session, TreeOperations.UNLOCK, LockCommand.arguments(paths));
    }

    @Override
    ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
        if (!printed) {
            LockCommand.print(session, answer);
        }
        return ExitCode.OK;
    }
}
