package org.cairnfs.server.cli;

import java.nio.file.Path;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.RestoredFiles;
import org.cairnfs.server.app.StoredView;
import org.cairnfs.server.config.Sizes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn restore}: copies files straight from the storage. */
@Command(
        name = "restore",
        description = {
            "Copy a file, or a directory with all that is below, from the storage to this machine, as of the newest barrier or of an earlier"
                    + " time. No server is needed, and one that runs is not disturbed.",
            "",
            "Holes, hard links, symbolic links, modes, times and attributes user.* are kept, owners when root does it. Nothing that is there"
                    + " is replaced. What cannot be restored is told, and the rest is restored all the same."
        },
        footer = {"", "Example:", "  cairn restore --at '2026-11-22 14:30' s3://my-bucket/cairn /home/ann ann.before"})
final class RestoreCommand extends ViewCommand {
    @Option(names = "--json", description = "Print what was done as JSON.")
    private boolean json;

    @Parameters(
            index = "2",
            paramLabel = "TARGET",
            description = "Where to: nothing is there yet, or an empty directory.")
    private Path target;

    RestoreCommand(Session session) {
        super(session);
    }

    @Override
    ExitCode run(StoredView view, String path, ProgressDisplay progress) throws CairnException {
        RestoredFiles.Report report =
                view.restore(path, session().workingDirectory().resolve(target), progress);
        if (json) {
            session().out().println(Output.pretty(report));
        } else {
            report.problems().forEach(session()::say);
            session()
                    .out()
                    .println("Restored " + StatusText.count(report.files(), "file") + ", "
                            + Sizes.formatBytes(report.bytes())
                            + (report.problems().isEmpty()
                                    ? "."
                                    : "; " + StatusText.count(report.problems().size(), "problem") + "."));
        }
        return report.problems().isEmpty() ? ExitCode.OK : ExitCode.DAMAGED;
    }
}
