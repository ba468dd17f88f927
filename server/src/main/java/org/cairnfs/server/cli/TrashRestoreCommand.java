package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.TrashOperations;
import org.cairnfs.server.app.VolumeTrash;
import org.cairnfs.server.config.Sizes;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn trash restore}. */
@Command(
        name = "restore",
        description = {
            "Bring back what was removed from a path, with all that was below it, and the directories above it. Where"
                    + " something was removed more than once, the newest comes back; an older one by --inode. What is"
                    + " there now stays, and is told.",
            "",
            "What comes back is the same file, with its attributes, for who still knows it, too; of several names that"
                    + " it had, it gets the last. A removed directory comes back with its owner, mode and attributes."
        })
final class TrashRestoreCommand extends AskCommand {
    private static final int TOLD = 20;

    @ArgGroup(multiplicity = "1")
    private What what;

    /** A path or an inode. */
    private static final class What {
        @Parameters(arity = "1", paramLabel = "PATH", description = "Absolute path inside the file system.")
        private String path;

        @Option(
                names = "--inode",
                paramLabel = "N",
                description = "The one with this number, as 'cairn trash list' tells it, and nothing with it.")
        private long inode;
    }

    @Option(names = "--to", paramLabel = "PATH", description = "Bring it back to this path, which is not there yet.")
    private String to = "";

    TrashRestoreCommand(Session session) {
        super(session);
    }

    @Override
    JsonNode ask(Session session, StateOption server) throws CairnException {
        ObjectNode arguments = JsonNodeFactory.instance
                .objectNode()
                .put(TrashOperations.INODE, what.inode)
                .put(TrashOperations.TO, to);
        if (what.path != null) {
            arguments.put(TrashOperations.PATH, what.path);
        }
        return server.ask(session, TrashOperations.RESTORE, arguments);
    }

    @Override
    ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
        if (printed) {
            return ExitCode.OK;
        }
        VolumeTrash.Restored restored = StateOption.read(answer, VolumeTrash.Restored.class);
        session.out()
                .println(String.format(
                        Locale.ROOT,
                        "restored: %,d %s, %s",
                        restored.items(),
                        restored.items() == 1 ? "entry" : "entries",
                        Sizes.formatBytes(restored.bytes())));
        restored.taken().stream()
                .limit(TOLD)
                .forEach(path -> session.out().println("not restored, as it is there: " + path));
        if (restored.taken().size() > TOLD) {
            session.out().println("... and " + (restored.taken().size() - TOLD) + " more");
        }
        return ExitCode.OK;
    }
}
