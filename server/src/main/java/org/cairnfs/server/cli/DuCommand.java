package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.TreeOperations;
import org.cairnfs.server.app.Trees;
import org.cairnfs.server.config.Sizes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn du}: what trees hold. */
@Command(
        name = "du",
        description = {
            "Tell how many bytes and inodes trees hold: sizes of files as 'ls' tells them, a file with several names once. For the whole"
                    + " file system and for trees with a quota counters tell it at once, others are walked through.",
            "",
            "With --unique, also what they need in the storage, after de-duplication and compression, and how much of that is needed"
                    + " by nothing else, by snapshots too, and by other files too. That looks at every chunk. What is not uploaded yet is"
                    + " not in it."
        })
final class DuCommand extends AskCommand {
    @Parameters(
            arity = "1..*",
            paramLabel = "PATH",
            description = "Absolute path inside the file system; /.snapshots/NAME/PATH as it was then.")
    private List<String> paths = new ArrayList<>();

    @Option(names = "--unique", description = "Look at what is stored, too.")
    private boolean unique;

    @Option(names = "--human", description = "Print sizes like 1.5 GiB, not in bytes.")
    private boolean human;

    DuCommand(Session session) {
        super(session);
    }

    @Override
    JsonNode ask(Session session, StateOption server) throws CairnException {
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        paths.forEach(arguments.putArray(TreeOperations.PATHS)::add);
        return server.ask(session, TreeOperations.SIZES, arguments.put(TreeOperations.STORED, unique));
    }

    @Override
    ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
        if (!printed) {
            for (Trees.Size size :
                    StateOption.read(answer, TreeOperations.Sizes.class).sizes()) {
                session.out()
                        .printf(
                                Locale.ROOT,
                                "%12s %10d  %s%n",
                                amount(size.bytes()),
                                size.inodes(),
                                size.path() + (size.stored() == null ? "" : ": " + text(size.stored())));
            }
        }
        return ExitCode.OK;
    }

    private String text(Trees.Stored stored) {
        Trees.Sharing sharing = stored.sharing();
        return amount(stored.plainBytes()) + " unique, " + amount(stored.storedBytes()) + " stored"
                + (sharing == null
                        ? ""
                        : "; of that " + amount(sharing.alone()) + " for this alone, "
                                + amount(sharing.snapshots()) + " for snapshots too, " + amount(sharing.elsewhere())
                                + " for other files too");
    }

    private String amount(long bytes) {
        return human ? Sizes.formatBytes(bytes) : Long.toString(bytes);
    }
}
