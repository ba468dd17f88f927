package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Locale;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.TreeOperations;
import org.cairnfs.server.app.Trees;
import org.cairnfs.server.config.Sizes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code cairn cp}: copies whole trees inside the file system. */
@Command(
        name = "cp",
        description = {
            "Make a writable copy of a file, or of a directory with all that is in it, as it is at this moment: no"
                    + " data is copied, both share it until one of them is changed. Hard links inside of it stay such. The"
                    + " copy appears as a whole when all of it is there, or not at all.",
            "",
            "The source may be in a snapshot: /.snapshots/NAME/PATH, or .snapshots of any directory. If this command"
                    + " or the server ends before, the copy goes on by itself."
        })
final class CpCommand extends AskCommand {
    @Parameters(index = "0", paramLabel = "SOURCE", description = "Absolute path inside the file system.")
    private String source;

    @Parameters(
            index = "1",
            paramLabel = "TARGET",
            description = "Absolute path of the copy; its directory exists, and it does not.")
    private String target;

    CpCommand(Session session) {
        super(session);
    }

    @Override
    JsonNode ask(Session session, StateOption server) throws CairnException {
        return server.ask(
                session,
                TreeOperations.COPY,
                JsonNodeFactory.instance
                        .objectNode()
                        .put(TreeOperations.PATH, source)
                        .put(TreeOperations.TARGET, target));
    }

    @Override
    ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
        if (!printed) {
            Trees.Copied copied = StateOption.read(answer, Trees.Copied.class);
            session.out()
                    .println(
                            copied.there()
                                    ? String.format(
                                            Locale.ROOT,
                                            "copied: %,d %s, %s",
                                            copied.entries(),
                                            copied.entries() == 1 ? "entry" : "entries",
                                            Sizes.formatBytes(copied.bytes()))
                                    : "the server ends; it goes on copying after its next start");
        }
        return ExitCode.OK;
    }
}
