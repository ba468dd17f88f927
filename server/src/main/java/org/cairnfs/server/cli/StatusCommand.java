package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.AdminOperations;
import org.cairnfs.server.app.ServerStatus;
import picocli.CommandLine.Command;

/** {@code cairn status}: how a server is. */
@Command(
        name = "status",
        description = {
            "Tell how a server is: what it serves to whom, its journal, caches and uploads, and how far the bucket is behind."
        })
final class StatusCommand extends AskCommand {
    StatusCommand(Session session) {
        super(session);
    }

    @Override
    JsonNode ask(Session session, StateOption server) throws CairnException {
        return server.ask(session, AdminOperations.STATUS);
    }

    @Override
    ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
        if (!printed) {
            StatusText.print(session.out(), StateOption.read(answer, ServerStatus.class), System.currentTimeMillis());
        }
        return ExitCode.OK;
    }
}
