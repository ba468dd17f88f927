package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.AdminOperations;
import picocli.CommandLine.Command;

/** {@code cairn flush}: until it is in the object store. */
@Command(
        name = "flush",
        description = {"Upload everything that is dirty now, data and metadata; return when it is in the object store."
        })
final class FlushCommand extends AskCommand {
    FlushCommand(Session session) {
        super(session);
    }

    @Override
    JsonNode ask(Session session, StateOption server) throws CairnException {
        return server.ask(session, AdminOperations.FLUSH);
    }

    @Override
    ExitCode finish(Session session, JsonNode answer, boolean printed) {
        if (!printed) {
            session.out().println("Everything that was written before is in the object store.");
        }
        return ExitCode.OK;
    }
}
