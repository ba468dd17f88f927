package org.cairnfs.server.cli;

import java.util.concurrent.Callable;
import org.cairnfs.server.ExitCode;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cairn completion}: a script that completes commands and options. */
@Command(
        name = "completion",
        description = {
            "Print a completion script for bash and zsh.",
            "",
            "To use it, put this line into ~/.bashrc or ~/.zshrc:",
            "",
            "  source <(cairn completion)"
        })
final class CompletionCommand implements Callable<Integer> {
    private final Session session;

    @Spec
    private CommandSpec spec;

    CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        session.out().print(AutoComplete.bash("cairn", spec.root().commandLine()));
        session.out().flush();
        return ExitCode.OK.number();
    }
}
