package org.cairnfs.server.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.VolumeFactory.Made;
import org.cairnfs.server.app.VolumeFactory.MkfsOptions;
import org.cairnfs.server.config.StorageUrls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn mkfs}: makes a file system. */
@Command(
        name = "mkfs",
        description = {
            "Make a new, empty file system.",
            "",
            "It is encrypted unless --plain is given. The passphrase is asked for twice, or read from a file or a command."
                    + " A recovery key is printed once: it opens the file system when the passphrase is lost."
        },
        footer = {
            "",
            "Examples:",
            "  cairn mkfs local:///srv/cairn",
            "  cairn mkfs --passphrase-file ~/cairn.key --label backup local:///srv/cairn"
        })
final class MkfsCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private MkfsFormat format;

    @Mixin
    private SecretOptions secrets;

    @Mixin
    private CredentialsOptions login;

    @Option(names = "--json", description = "Print what was made as JSON.")
    private boolean json;

    @Parameters(
            paramLabel = "STORAGE-URL",
            description =
                    "Where to make it: local://PATH, s3://BUCKET/PREFIX, s3c://HOST:PORT/BUCKET/PREFIX, gs://, swift://,"
                            + " azure:// or b2://.")
    private String url;

    MkfsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws CairnException {
        StorageUrl storage = StorageUrls.parse(url, session.workingDirectory());
        CredentialsSource credentials = login.apply(session, session.config()).credentials(storage);
        if (format.isPlain() && secrets.isGiven()) {
            throw new CairnException(
                    ExitCode.USAGE, "--plain and a passphrase exclude each other", "leave one of them out");
        }
        MkfsOptions unsecured = format.options(storage, credentials, Optional.empty());
        if (session.components().volumes().probe(storage, credentials).isFileSystem()) {
            throw exists(storage);
        }
        if (format.isPlain()) {
            print(storage, make(session, unsecured));
            return ExitCode.OK.number();
        }
        try (Passphrase passphrase = secrets.chosen(session)) {
            print(storage, make(session, format.options(storage, credentials, Optional.of(passphrase))));
        }
        return ExitCode.OK.number();
    }

    /**
     * What was made, for scripts.
     *
     * @param recoveryKey null without encryption
     * @param keyFile where {@code up} keeps the passphrase; null where the user brought it
     */
    record MadeJson(String fileSystemId, String storage, String recoveryKey, String keyFile) {
        static MadeJson of(Made made, StorageUrl storage, Path keyFile) {
            return new MadeJson(
                    made.fileSystemId(),
                    storage.toString(),
                    made.recoveryKey().orElse(null),
                    keyFile == null ? null : keyFile.toString());
        }
    }

    private static CairnException exists(StorageUrl storage) {
        return new CairnException(
                ExitCode.FILE_SYSTEM_EXISTS,
                "there is a file system at " + storage + " already",
                "serve it with 'cairn serve " + storage + "', or choose another place");
    }

    static Made make(Session session, MkfsOptions options) throws CairnException {
        try (ProgressDisplay progress = new ProgressDisplay(session)) {
            return session.components().volumes().mkfs(options, progress);
        }
    }

    private void print(StorageUrl storage, Made made) {
        if (json) {
            session.out().println(Output.pretty(MadeJson.of(made, storage, null)));
            return;
        }
        session.out().println("Made file system " + made.fileSystemId() + " at " + storage + ".");
        made.recoveryKey().ifPresent(key -> printRecoveryKey(session, key));
        session.out().println("Serve it: cairn serve " + storage);
    }

    static void printRecoveryKey(Session session, String key) {
        session.out().println();
        session.out()
                .println(
                        "Recovery key, shown this once; it stands in for the passphrase. Write it down, keep it offline:");
        session.out().println();
        session.out().println("  " + key);
        session.out().println();
    }
}
