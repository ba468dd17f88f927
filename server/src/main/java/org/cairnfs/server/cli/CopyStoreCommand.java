package org.cairnfs.server.cli;

import java.util.concurrent.Callable;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.StoreCopy;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.StoreCopies;
import org.cairnfs.server.config.ServerConfig;
import org.cairnfs.server.config.Sizes;
import org.cairnfs.server.config.StorageUrls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn copy-store}: copies a file system to another storage. */
@Command(
        name = "copy-store",
        description = {
            "Copy a file system to another storage, as it is: no passphrase is needed.",
            "",
            "Stop its server first. A copy that was broken off goes on where it ended when it is started again; until all is"
                    + " there, the target is no file system. One credentials file may hold the logins of both.",
            ""
        },
        footer = {"", "Example:", "  cairn copy-store local:///srv/cairn s3://my-bucket/cairn"})
final class CopyStoreCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private CredentialsOptions login;

    @Option(names = "--json", description = "Print what was copied as JSON.")
    private boolean json;

    @Parameters(index = "0", paramLabel = "FROM-URL", description = "What to copy.")
    private String from;

    @Parameters(index = "1", paramLabel = "TO-URL", description = "Where to; made if it is not there.")
    private String to;

    CopyStoreCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws CairnException {
        StorageUrl source = StorageUrls.parse(from, session.workingDirectory());
        StorageUrl target = StorageUrls.parse(to, session.workingDirectory());
        if (source.place().equals(target.place())) {
            throw new CairnException(ExitCode.USAGE, "both URLs name the same storage", "");
        }
        ServerConfig config = login.apply(session, session.config());
        StoreCopy.Result result;
        try (ProgressDisplay progress = new ProgressDisplay(session)) {
            result = StoreCopies.copy(source, config.credentials(source), target, config.credentials(target), progress);
        }
        if (json) {
            session.out().println(Output.line(result));
        } else {
            session.out()
                    .println("Copied " + StatusText.count(result.objects(), "object") + ", "
                            + Sizes.formatBytes(result.bytes()) + "; " + result.skipped() + " were there already.");
        }
        return ExitCode.OK.number();
    }
}
