package org.cairnfs.server.cli;

import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import picocli.CommandLine.Option;

/** Asks before something that cannot be taken back. */
final class Confirmation {
    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    /** Goes on if the user says yes, or said so on the command line. */
    void ask(Session session, String question) throws CairnException {
        if (yes) {
            return;
        }
        if (!session.terminal().isInteractive()) {
            throw new CairnException(ExitCode.USAGE, question, "give --yes, as there is no terminal to ask at");
        }
        String answer = session.terminal().ask(question + " [yes/no]").orElse("no");
        if (!answer.strip().equalsIgnoreCase("yes")) {
            throw new CairnException(ExitCode.INTERRUPTED, "nothing was done", "");
        }
    }
}
