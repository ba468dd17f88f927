package org.cairnfs.server.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.StoredFileSystem;
import org.cairnfs.server.app.StoredView;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that reads files straight from the storage. */
abstract class ViewCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private StorageAccess access;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "As it was at this time: " + PointInTime.HELP + " (default: the newest barrier).")
    private String at;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Where the metadata are kept from one such command to the next"
                    + " (default: one for each storage, in ~/.local/state/cairn).")
    private Path state;

    @Parameters(
            index = "1",
            paramLabel = "PATH",
            description = "The file or directory, from the root of the file system.")
    private String path;

    ViewCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws CairnException {
        Optional<Instant> time = at == null
                ? Optional.empty()
                : Optional.of(PointInTime.parse(at, Clock.system(ZoneId.systemDefault())));
        Path directory = state == null
                ? session.directories().viewOf(access.storage(session))
                : session.workingDirectory().resolve(state);
        try (StoredFileSystem stored = access.openToRead(session);
                ProgressDisplay progress = new ProgressDisplay(session);
                StoredView view = stored.view(directory, time, progress)) {
            return run(view, path, progress).number();
        }
    }

    abstract ExitCode run(StoredView view, String path, ProgressDisplay progress) throws CairnException;

    Session session() {
        return session;
    }
}
