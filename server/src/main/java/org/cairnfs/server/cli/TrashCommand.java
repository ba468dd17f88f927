package org.cairnfs.server.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code cairn trash}: what was removed and is kept for a time. */
@Command(
        name = "trash",
        description = {
            "Tell and bring back what was removed. What loses its last name, in whatever way, is kept for the time"
                    + " that trash-keep of the configuration said then (none, if it says nothing), and freed after that."
                    + " It is gone for everybody and counts for no quota, but takes room in the storage."
        },
        commandListHeading = "%nCommands:%n",
        synopsisSubcommandLabel = "COMMAND")
final class TrashCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private TrashCommand() {}

    static CommandLine commandLine(Session session) {
        return new CommandLine(new TrashCommand())
                .addSubcommand(new TrashListCommand(session))
                .addSubcommand(new TrashRestoreCommand(session))
                .addSubcommand(new TrashEmptyCommand(session));
    }

    /** Without a command: the help. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
