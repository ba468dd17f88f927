package org.cairnfs.server.cli;

import java.util.concurrent.Callable;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.StoredFileSystem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cairn destroy}: deletes a file system. */
@Command(
        name = "destroy",
        description = {
            "Delete a file system from its storage, with all of its past. Nothing brings it back.",
            "",
            "It asks for the label that the file system was made with, or its id where it has none. Other objects that lie in the"
                    + " storage stay, as do state directories. When it is broken off, do it again."
        },
        footer = {"", "Example:", "  cairn destroy --label backup s3://my-bucket/cairn"})
final class DestroyCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = "--label",
            paramLabel = "L",
            description = "The label of the file system that is to be destroyed, or its id: then it is not asked for.")
    private String label;

    @Option(
            names = "--take-over",
            description = "Even though a server did not give the storage back; only when that one is dead.")
    private boolean takeOver;

    @Option(names = "--json", description = "Print how many objects were deleted as JSON.")
    private boolean json;

    @Mixin
    private StorageAccess access;

    DestroyCommand(Session session) {
        this.session = session;
    }

    /** How many objects were deleted. */
    record Destroyed(long objects) {}

    @Override
    public Integer call() throws CairnException {
        long deleted;
        try (StoredFileSystem stored = access.open(session)) {
            String typed = label == null ? ask(stored) : label;
            if (!stored.isCalled(typed)) {
                throw new CairnException(
                        ExitCode.USAGE,
                        "'" + typed.strip() + "' is not the file system at " + access.storage(session),
                        "nothing was deleted");
            }
            try (ProgressDisplay progress = new ProgressDisplay(session)) {
                deleted = stored.destroy(takeOver, progress);
            }
        }
        if (json) {
            session.out().println(Output.line(new Destroyed(deleted)));
        } else {
            session.out().println("Destroyed: " + StatusText.count(deleted, "object") + " deleted.");
        }
        return ExitCode.OK.number();
    }

    private String ask(StoredFileSystem stored) throws CairnException {
        if (!session.terminal().isInteractive()) {
            throw new CairnException(
                    ExitCode.USAGE,
                    "the file system '" + stored.name() + "' would be lost for good",
                    "give --label, as there is no terminal to ask at");
        }
        return session.terminal()
                .ask("this deletes the file system '" + stored.name()
                        + "' for good; type its label (or its id) to go on:")
                .orElse("");
    }
}
