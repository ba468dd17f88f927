package org.cairnfs.server.cli;

import com.google.common.base.CharMatcher;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import picocli.CommandLine.Option;

/** Asks before something that cannot be taken back. */
final class Confirmation {
    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    /**
     * Goes on if the user says yes, or said so on the command line.
     *
     * @param question what is to be done, as "remove /a?"
     */
    void ask(Session session, String question) throws CairnException {
        if (yes) {
            return;
        }
        if (!session.terminal().isInteractive()) {
            throw new CairnException(
                    ExitCode.USAGE,
                    "there is no terminal to ask at whether to "
                            + CharMatcher.is('?').trimTrailingFrom(question),
                    "give --yes");
        }
        String answer = session.terminal().ask(question + " [yes/no]").orElse("no");
        if (!answer.strip().equalsIgnoreCase("yes")) {
            throw new CairnException(ExitCode.INTERRUPTED, "nothing was done", "");
        }
    }
}
