package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import picocli.CommandLine.Mixin;

/** A command that asks a running server one thing and prints the answer. */
abstract class AskCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private StateOption server;

    AskCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws CairnException {
        JsonNode answer = ask(session, server);
        if (server.isJson()) {
            session.out().println(Output.pretty(answer));
        }
        return finish(session, answer, server.isJson()).number();
    }

    abstract JsonNode ask(Session session, StateOption server) throws CairnException;

    /** Prints the answer for people, unless it was printed as JSON; gives the exit code. */
    abstract ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException;
}
