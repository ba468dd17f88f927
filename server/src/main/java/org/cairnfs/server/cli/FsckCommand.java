package org.cairnfs.server.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Failures;
import org.cairnfs.server.app.CheckOperations;
import org.cairnfs.server.app.StorageClaim;
import org.cairnfs.server.app.Volume;
import org.cairnfs.server.app.VolumeChecks.CheckReport;
import org.cairnfs.server.app.VolumeChecks.Found;
import org.cairnfs.server.app.VolumeFactory;
import org.cairnfs.server.config.ServerConfig;
import org.cairnfs.server.config.StateDirectory;
import org.cairnfs.server.config.StorageUrls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn fsck}: checks a file system, while it is served or not. */
@Command(
        name = "fsck",
        description = {
            "Check that the metadata of a file system is sound, and that the storage has what it tells of; with"
                    + " --repair, mend what is not.",
            "",
            "Nobody has to stop anything: a running server checks as of one moment, while its clients go on. With"
                    + " STORAGE-URL the file system is opened without serving it; then no server may run on it. What files"
                    + " hold is not read: see 'cairn verify'.",
            "",
            "What has no name any more gets one in /lost+found, which is root's alone. No data is given up: what"
                    + " cannot be found fails when it is read, and says so. --json prints the findings for scripts."
        },
        footer = {
            "",
            "Examples:",
            "  cairn fsck",
            "  cairn fsck --repair --dry-run",
            "  cairn fsck --repair --state /var/lib/cairn local:///srv/cairn"
        })
final class FsckCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--repair", description = "Mend what is wrong.")
    private boolean repair;

    @Option(names = "--dry-run", description = "Only say what --repair would do.")
    private boolean dryRun;

    @Mixin
    private StateOption server;

    @Mixin
    private SecretOptions secrets;

    @Mixin
    private CredentialsOptions login;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "STORAGE-URL",
            description = "Open the file system there, which is not being served (default: ask the server that runs).")
    private String url;

    FsckCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws CairnException {
        CheckReport report = url == null ? ask() : open(StorageUrls.parse(url, session.workingDirectory()));
        if (server.isJson()) {
            session.out().println(Output.pretty(report));
        } else {
            print(session.out(), report, dryRun);
        }
        return exitCode(report).number();
    }

    private boolean mends() {
        return repair && !dryRun;
    }

    static ExitCode exitCode(CheckReport report) {
        if (!report.clean()) {
            return ExitCode.DAMAGED;
        }
        return report.kinds().isEmpty() ? ExitCode.OK : ExitCode.REPAIRED;
    }

    private CheckReport ask() throws CairnException {
        return StateOption.read(
                server.ask(
                        session,
                        CheckOperations.CHECK,
                        JsonNodeFactory.instance.objectNode().put(CheckOperations.REPAIR, mends())),
                CheckReport.class);
    }

    private CheckReport open(StorageUrl storage) throws CairnException {
        ServerConfig config = login.apply(session, session.config());
        VolumeFactory volumes = session.components().volumes();
        Optional<Passphrase> passphrase =
                ServeCommand.unlock(session, storage, volumes.probe(storage, config.credentials(storage)), secrets);
        Path directory = server.given(session).orElse(session.directories().stateOf(storage));
        try (StateDirectory state = StateDirectory.take(directory);
                ProgressDisplay progress = new ProgressDisplay(session)) {
            Volume volume = volumes.open(
                    new VolumeFactory.OpenOptions(storage, passphrase, state.path(), config, StorageClaim.USUAL),
                    progress);
            try {
                return volume.checks().check(mends(), progress);
            } finally {
                volume.stop(Duration.ofMinutes(1), progress);
            }
        } catch (IOException e) {
            throw Failures.ofFile("cannot let go of the state directory " + directory, e);
        } finally {
            passphrase.ifPresent(Passphrase::close);
        }
    }

    static void print(PrintStream out, CheckReport report, boolean dryRun) {
        out.println("Checked " + StatusText.count(report.inodes(), "inode") + ", "
                + StatusText.count(report.names(), "name") + ", " + StatusText.count(report.chunks(), "chunk") + ".");
        for (Found kind : report.kinds()) {
            String what = report.repair()
                    ? String.format(Locale.ROOT, "%,d repaired, %,d left", kind.repaired(), kind.left())
                    : String.format(Locale.ROOT, "%,d", kind.found());
            out.printf(Locale.ROOT, "%-14s %s: %s%n", kind.kind(), what, kind.meaning());
            if (dryRun) {
                out.printf(Locale.ROOT, "%-14s repair: %s%n", "", kind.remedy());
            }
        }
        report.examples().forEach(line -> out.println("  " + line));
        if (report.damagedChunks() > 0) {
            out.println("Known to be unreadable: " + StatusText.count(report.damagedChunks(), "chunk")
                    + "; 'cairn verify' tells the files.");
        }
        if (report.unknownObjects() > 0) {
            out.println("In the storage, and of nothing: " + StatusText.count(report.unknownObjects(), "object")
                    + "; 'cairn gc' removes them.");
        }
        out.println(report.kinds().isEmpty() ? "Clean." : report.clean() ? "Clean now." : "Damaged; see --repair.");
    }
}
