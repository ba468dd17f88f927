package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.SnapshotOperations;
import org.cairnfs.server.app.VolumeSnapshots;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn snapshot rollback}. */
@Command(
        name = "rollback",
        description = {
            "Bring everything, or one path, back to what it was in a snapshot, for everybody at one moment, after a"
                    + " snapshot of what it is (before-rollback-...), by which this can be undone.",
            "",
            "The directory itself stays the same for who has it mounted, and keeps its quota; what is in it are new"
                    + " files, so what is open there is lost to who has it open. Where something immutable is in it,"
                    + " nothing is done."
        })
final class SnapshotRollbackCommand extends AskCommand {
    @Parameters(paramLabel = "NAME", description = "Name of the snapshot.")
    private String name;

    @Option(
            names = "--path",
            paramLabel = "PATH",
            description = "Absolute path of a file or directory inside the file system; without it, everything.")
    private String path = "/";

    @Mixin
    private Confirmation confirmation;

    SnapshotRollbackCommand(Session session) {
        super(session);
    }

    @Override
    JsonNode ask(Session session, StateOption server) throws CairnException {
        String what = path.equals("/") ? "the whole file system" : path;
        confirmation.ask(session, "bring " + what + " back to what it was in snapshot " + name + "?");
        return server.ask(
                session,
                SnapshotOperations.ROLLBACK,
                JsonNodeFactory.instance
                        .objectNode()
                        .put(SnapshotOperations.NAME, name)
                        .put(SnapshotOperations.PATH, path));
    }

    @Override
    ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
        if (!printed) {
            VolumeSnapshots.RolledBack done = StateOption.read(answer, VolumeSnapshots.RolledBack.class);
            session.out()
                    .println(done.path() + " is what it was in snapshot " + done.snapshot()
                            + "; what it was just now is in snapshot " + done.before());
        }
        return ExitCode.OK;
    }
}
