package org.cairnfs.server.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Failures;
import org.cairnfs.server.app.StoredFileSystem;
import org.cairnfs.server.app.StoredFileSystem.Restorable;
import org.cairnfs.server.app.StoredFileSystem.Restorables;
import org.cairnfs.server.config.StateDirectory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cairn restore-metadata}: puts a file system back to an earlier moment. */
@Command(
        name = "restore-metadata",
        description = {
            "Tell which moments of the past a file system can be put back to, or put it back to one.",
            "",
            "Any moment of the last day can be restored (restore-window of the configuration), and restore points before. Stop the"
                    + " server first. The file system is put together in a new state directory, and the storage goes on from there. What"
                    + " came since stays restorable like any other moment; a state directory that there is stays as it is. To get single"
                    + " files back without touching anything, see 'cairn restore'."
        },
        footer = {
            "",
            "Examples:",
            "  cairn restore-metadata --list s3://my-bucket/cairn",
            "  cairn restore-metadata --at '2026-11-22 14:30' --state /var/lib/cairn-restored s3://my-bucket/cairn"
        })
final class RestoreMetadataCommand implements Callable<Integer> {
    private final Session session;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private What what = new What();

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "With --at: the new state directory, to be served from then on.")
    private Path state;

    @Option(
            names = "--take-over",
            description =
                    "With --at: take the storage from a server that did not give it back; only when that one is dead.")
    private boolean takeOver;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Mixin
    private Confirmation confirmation;

    @Mixin
    private StorageAccess access;

    /** One of the two. */
    static final class What {
        @Option(names = "--list", description = "Tell what can be restored.")
        private boolean list;

        @Option(
                names = "--at",
                paramLabel = "TIME",
                description = "Restore the newest moment at this time or before it: " + PointInTime.HELP + ".")
        private String at;
    }

    RestoreMetadataCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws CairnException {
        if (what.list) {
            list();
        } else {
            restore(PointInTime.parse(what.at, Clock.system(ZoneId.systemDefault())));
        }
        return ExitCode.OK.number();
    }

    private void list() throws CairnException {
        Restorables found;
        try (StoredFileSystem stored = access.open(session);
                ProgressDisplay progress = new ProgressDisplay(session)) {
            found = stored.restorables(progress);
        }
        if (json) {
            session.out().println(Output.pretty(found));
            return;
        }
        session.out().println("Any moment from " + time(found.from()) + " to " + time(found.through()) + ".");
        session.out().println(found.restorePoints().isEmpty() ? "No restore points." : "Restore points:");
        for (Restorable point : found.restorePoints()) {
            session.out().printf(Locale.ROOT, "  %s  journal record %,d%n", time(point), point.sequence());
        }
    }

    private void restore(Instant time) throws CairnException {
        if (state == null) {
            throw new CairnException(
                    ExitCode.USAGE,
                    "--at wants --state DIR",
                    "name a directory that is not there yet, on a local disk");
        }
        Path directory = session.workingDirectory().resolve(state);
        Restorable restored;
        try (StoredFileSystem stored = access.open(session)) {
            confirmation.ask(
                    session,
                    "put the file system '" + stored.name() + "' back to "
                            + PointInTime.format(time.toEpochMilli(), ZoneId.systemDefault())
                            + "? What came since is only seen again by restoring it");
            try (StateDirectory taken = StateDirectory.take(directory);
                    ProgressDisplay progress = new ProgressDisplay(session)) {
                restored = stored.restore(time, taken, takeOver, progress);
            } catch (IOException e) {
                throw Failures.ofFile("cannot let go of the state directory " + directory, e);
            }
        }
        if (json) {
            session.out().println(Output.pretty(restored));
            return;
        }
        session.out().println("Restored, as of " + time(restored) + ".");
        session.out().println("Serve it: cairn serve " + access.storage(session) + " --state " + directory);
    }

    private static String time(Restorable moment) {
        return PointInTime.format(moment.at(), ZoneId.systemDefault());
    }
}
