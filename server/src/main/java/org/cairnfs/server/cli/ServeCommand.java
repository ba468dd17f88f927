package org.cairnfs.server.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.MountRequest;
import org.cairnfs.server.app.VolumeFactory.Presence;
import org.cairnfs.server.config.StorageUrls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn serve}: serves a file system that is there. */
@Command(
        name = "serve",
        description = {
            "Serve a file system over NFS until stopped, in the foreground or, with --daemon, in the background.",
            "",
            "Ready when it says so. Ctrl-C, SIGTERM and 'cairn stop' upload everything and leave a clean file system;"
                    + " after anything worse, the next start goes on from the journal by itself."
        },
        footer = {
            "",
            "Examples:",
            "  cairn serve local:///srv/cairn",
            "  cairn serve local:///srv/cairn --daemon --listen 0.0.0.0 --exports /etc/cairn/exports",
            "  cairn serve s3://bucket/music --read-only"
        })
final class ServeCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private ServeOptions options;

    @Mixin
    private SecretOptions secrets;

    @Option(
            names = "--read-only",
            description = "Serve what another server has brought into the storage, and follow it as it goes on: every"
                    + " barrier-interval a look whether there is more. Needs no right to write to the storage, and"
                    + " never does. The state directory is another one by default.")
    private boolean readOnly;

    @Option(
            names = "--mountpoint",
            paramLabel = "DIR",
            description = "Mount it on this directory of this machine, too (Linux, with libfuse 2).")
    private String mountPoint;

    @Mixin
    private MountPointOptions mountPointOptions;

    @Option(names = "--daemon-child", hidden = true)
    private boolean daemonChild;

    @Option(names = "--ends-with-mount", hidden = true)
    private boolean endsWithMount;

    @Parameters(paramLabel = "STORAGE-URL", description = "What to serve: local://PATH or the URL of a bucket.")
    private String url;

    ServeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws CairnException {
        StorageUrl storage = StorageUrls.parse(url, session.workingDirectory());
        if (readOnly) {
            options.readOnly();
        }
        if (mountPoint != null) {
            MountRequest wanted = mountPointOptions.request(session, mountPoint, endsWithMount);
            List<String> arguments =
                    new ArrayList<>(List.of("--mountpoint", wanted.directory().toString()));
            arguments.addAll(mountPointOptions.childArguments());
            options.mount(wanted, arguments);
        }
        if (daemonChild) {
            return serveAsChild(storage);
        }
        Presence presence = session.components()
                .volumes()
                .probe(storage, options.config(session).credentials(storage));
        Optional<Passphrase> passphrase = unlock(session, storage, presence, secrets);
        return ServerRun.inForeOrBackground(session, options, storage, passphrase);
    }

    private int serveAsChild(StorageUrl storage) throws CairnException {
        try {
            byte[] secret = System.in.readNBytes(Passphrase.MAX_BYTES);
            Optional<Passphrase> passphrase =
                    secret.length == 0 ? Optional.empty() : Optional.of(Passphrase.of(secret));
            Arrays.fill(secret, (byte) 0);
            return ServerRun.asChild(session, options, storage, passphrase);
        } catch (IOException e) {
            throw new CairnException(ExitCode.INTERNAL, "the background server was told nothing", "", e);
        }
    }

    /** The passphrase of what lies there: as given, else of the key file that {@code up} made, else asked for. */
    static Optional<Passphrase> unlock(Session session, StorageUrl storage, Presence presence, SecretOptions secrets)
            throws CairnException {
        switch (presence) {
            case NO_STORAGE ->
                throw new CairnException(
                        ExitCode.STORE_MISSING,
                        "there is no " + storage,
                        "make a file system there: cairn mkfs " + storage);
            case NO_FILE_SYSTEM ->
                throw new CairnException(
                        ExitCode.NO_FILE_SYSTEM,
                        "there is no file system at " + storage,
                        "make one: cairn mkfs " + storage);
            case PLAIN -> {
                return Optional.empty();
            }
            case ENCRYPTED -> {
                return Optional.of(StorageAccess.passphrase(session, storage, secrets));
            }
        }
        throw new IllegalStateException("no case for " + presence);
    }
}
