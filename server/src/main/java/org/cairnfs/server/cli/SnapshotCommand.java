package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.ZoneId;
import java.util.List;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.SnapshotOperations;
import org.cairnfs.server.app.VolumeSnapshots;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cairn snapshot}: the snapshots of a running server's file system. */
@Command(
        name = "snapshot",
        description = {
            "Take, list and delete snapshots: the whole file system as it was at one moment, at once and at the price"
                    + " of what is changed afterwards.",
            "",
            "They are read in the directory .snapshots, which every directory has and no listing shows. In that of the"
                    + " root, mkdir takes one, rmdir deletes one and rename renames one, over NFS, for the owner of the"
                    + " root directory."
        },
        commandListHeading = "%nCommands:%n",
        synopsisSubcommandLabel = "COMMAND")
final class SnapshotCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private SnapshotCommand() {}

    static CommandLine commandLine(Session session) {
        return new CommandLine(new SnapshotCommand())
                .addSubcommand(new Create(session))
                .addSubcommand(new ListAll(session))
                .addSubcommand(new Delete(session))
                .addSubcommand(new Rename(session))
                .addSubcommand(new Hold(session))
                .addSubcommand(new Release(session))
                .addSubcommand(new Expire(session))
                .addSubcommand(new SnapshotDiffCommand(session))
                .addSubcommand(new SnapshotRollbackCommand(session));
    }

    /** Without a command: the help. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static ObjectNode named(String name) {
        return JsonNodeFactory.instance.objectNode().put(SnapshotOperations.NAME, name);
    }

    /** A command that does something with one snapshot, and tells it in a line. */
    private abstract static class OfOne extends AskCommand {
        private final String done;

        OfOne(Session session, String done) {
            super(session);
            this.done = done;
        }

        @Override
        ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
            if (!printed) {
                VolumeSnapshots.Info snapshot = StateOption.read(answer, VolumeSnapshots.Info.class);
                session.out()
                        .println("snapshot " + snapshot.name() + " " + done
                                + (snapshot.holds() > 0
                                        ? " (" + StatusText.count(snapshot.holds(), "hold") + ")"
                                        : ""));
            }
            return ExitCode.OK;
        }
    }

    /** {@code cairn snapshot create}. */
    @Command(
            name = "create",
            description = {
                "Take a snapshot of the whole file system. It has everything that was answered before, and survives a"
                        + " power loss when this command ends; the object store has it with the next barrier."
            })
    static final class Create extends OfOne {
        @Parameters(paramLabel = "NAME", arity = "0..1", description = "Its name; the time, in UTC, if none is given.")
        private String name = "";

        Create(Session session) {
            super(session, "was taken");
        }

        @Override
        JsonNode ask(Session session, StateOption server) throws CairnException {
            return server.ask(session, SnapshotOperations.CREATE, named(name));
        }
    }

    /** {@code cairn snapshot list}. */
    @Command(name = "list", description = "Tell the snapshots that there are, the oldest first.")
    static final class ListAll extends AskCommand {
        ListAll(Session session) {
            super(session);
        }

        @Override
        JsonNode ask(Session session, StateOption server) throws CairnException {
            return server.ask(session, SnapshotOperations.LIST);
        }

        @Override
        ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
            if (!printed) {
                print(session.out(), read(answer), "there are no snapshots");
            }
            return ExitCode.OK;
        }
    }

    private static List<VolumeSnapshots.Info> read(JsonNode answer) throws CairnException {
        return StateOption.read(answer, SnapshotOperations.Listed.class).snapshots();
    }

    private static void print(PrintStream out, List<VolumeSnapshots.Info> snapshots, String none) {
        if (snapshots.isEmpty()) {
            out.println(none);
        }
        for (VolumeSnapshots.Info snapshot : snapshots) {
            out.println(PointInTime.format(snapshot.createdMillis(), ZoneId.systemDefault()) + "  " + snapshot.name()
                    + (snapshot.automatic() ? "  (by the schedule)" : "")
                    + (snapshot.holds() > 0 ? "  (" + StatusText.count(snapshot.holds(), "hold") + ")" : ""));
        }
    }

    /** {@code cairn snapshot delete}. */
    @Command(
            name = "delete",
            description = {
                "Delete a snapshot, unless it is held. What only it has is given back in the background, and to the"
                        + " object store by the garbage collection."
            })
    static final class Delete extends OfOne {
        @Parameters(paramLabel = "NAME", description = "Its name.")
        private String name;

        Delete(Session session) {
            super(session, "was deleted");
        }

        @Override
        JsonNode ask(Session session, StateOption server) throws CairnException {
            return server.ask(session, SnapshotOperations.DELETE, named(name));
        }
    }

    /** {@code cairn snapshot rename}. */
    @Command(name = "rename", description = "Give a snapshot another name.")
    static final class Rename extends OfOne {
        @Parameters(index = "0", paramLabel = "NAME", description = "Its name.")
        private String name;

        @Parameters(index = "1", paramLabel = "TO", description = "Its name from now on.")
        private String to;

        Rename(Session session) {
            super(session, "has this name now");
        }

        @Override
        JsonNode ask(Session session, StateOption server) throws CairnException {
            return server.ask(session, SnapshotOperations.RENAME, named(name).put(SnapshotOperations.TO, to));
        }
    }

    /** {@code cairn snapshot hold}. */
    @Command(
            name = "hold",
            description =
                    "Keep a snapshot from being deleted, by whomever, until it is released. Holds are counted: each is"
                            + " to be released.")
    static final class Hold extends OfOne {
        @Parameters(paramLabel = "NAME", description = "Its name.")
        private String name;

        Hold(Session session) {
            super(session, "is held");
        }

        @Override
        JsonNode ask(Session session, StateOption server) throws CairnException {
            return server.ask(session, SnapshotOperations.HOLD, named(name));
        }
    }

    /** {@code cairn snapshot release}. */
    @Command(name = "release", description = "Take one hold of a snapshot away.")
    static final class Release extends OfOne {
        @Parameters(paramLabel = "NAME", description = "Its name.")
        private String name;

        Release(Session session) {
            super(session, "is released once");
        }

        @Override
        JsonNode ask(Session session, StateOption server) throws CairnException {
            return server.ask(session, SnapshotOperations.RELEASE, named(name));
        }
    }

    /** {@code cairn snapshot expire}. */
    @Command(
            name = "expire",
            description = {
                "Delete those of the schedule's snapshots that the configuration (snapshots-hourly and so on) does not"
                        + " keep any more. The server does this by itself; this does it now."
            })
    static final class Expire extends AskCommand {
        @Option(names = "--dry-run", description = "Only say which would be deleted.")
        private boolean dryRun;

        Expire(Session session) {
            super(session);
        }

        @Override
        JsonNode ask(Session session, StateOption server) throws CairnException {
            return server.ask(
                    session,
                    SnapshotOperations.EXPIRE,
                    JsonNodeFactory.instance.objectNode().put(SnapshotOperations.DRY_RUN, dryRun));
        }

        @Override
        ExitCode finish(Session session, JsonNode answer, boolean printed) throws CairnException {
            if (!printed) {
                print(session.out(), read(answer), dryRun ? "nothing would be deleted" : "nothing was deleted");
            }
            return ExitCode.OK;
        }
    }
}
