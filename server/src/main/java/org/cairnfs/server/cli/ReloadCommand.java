package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.AdminOperations;
import org.cairnfs.server.app.AdminOperations.Reloaded;
import picocli.CommandLine.Command;

/** {@code cairn reload}: reads the exports file, and the certificates for TLS, again. */
@Command(
        name = "reload",
        description =
                "Read the exports file, and the certificates for TLS, again. When anything in them is wrong, nothing is changed.")
final class ReloadCommand extends AskCommand {
    ReloadCommand(Session session) {
        super(session);
    }

    @Override
    JsonNode ask(Session session, StateOption server) throws CairnException {
        return server.ask(session, AdminOperations.RELOAD);
    }

    @Override
    ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
        if (!printed) {
            StateOption.read(answer, Reloaded.class).exports().forEach(session.out()::println);
        }
        return ExitCode.OK;
    }
}
