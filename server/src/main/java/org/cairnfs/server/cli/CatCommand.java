package org.cairnfs.server.cli;

import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.StoredView;
import picocli.CommandLine.Command;

/** {@code cairn cat}: prints a file straight from the storage. */
@Command(
        name = "cat",
        description = {
            "Write the bytes of a file to standard output, straight from the storage, as of the newest barrier or of an earlier time. No"
                    + " server is needed, and one that runs is not disturbed."
        },
        footer = {"", "Example:", "  cairn cat --at 3d s3://my-bucket/cairn /etc/hosts > hosts.before"})
final class CatCommand extends ViewCommand {
    CatCommand(Session session) {
        super(session);
    }

    @Override
    ExitCode run(StoredView view, String path, ProgressDisplay progress) throws CairnException {
        view.cat(path, session().out());
        session().out().flush();
        return ExitCode.OK;
    }
}
