package org.cairnfs.server.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Failures;
import org.cairnfs.server.app.VolumeFactory.Made;
import org.cairnfs.server.app.VolumeFactory.Presence;
import org.cairnfs.server.cli.MkfsCommand.MadeJson;
import org.cairnfs.server.config.SecretFile;
import org.cairnfs.server.config.StorageUrls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cairn up}: from nothing to a served file system. */
@Command(
        name = "up",
        description = {
            "Make a file system if it is not there, serve it, and print how to mount it.",
            "",
            "Without a STORAGE-URL it is a folder of yours (~/.local/share/cairn/store). A new local file system is encrypted"
                    + " with a random key in a file under ~/.config/cairn/keys/, and a recovery key is printed once."
                    + " On a bucket, which outlives this machine, --passphrase-file must be given."
        },
        footer = {"", "Examples:", "  cairn up", "  cairn up ./store --daemon"})
final class UpCommand implements Callable<Integer> {
    /** Ports to try after the usual one: few and fixed, so that a mount finds its server again. */
    private static final int LAST_PORT_TRIED = 2099;

    private final Session session;

    @Mixin
    private ServeOptions options;

    @Mixin
    private MkfsFormat format;

    @Mixin
    private SecretOptions secrets;

    @Parameters(
            arity = "0..1",
            paramLabel = "STORAGE-URL",
            description = "What to make and serve: local://PATH or the URL of a bucket (default: a folder of yours).")
    private String url;

    UpCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws CairnException {
        StorageUrl storage = url == null
                ? session.directories().defaultStorage()
                : StorageUrls.parse(url, session.workingDirectory());
        if (!storage.isLocal() && !secrets.isGiven() && !format.isPlain()) {
            throw new CairnException(
                    ExitCode.SECRET_MISSING,
                    "a file system in a bucket outlives this machine, so its passphrase must, too",
                    "choose one, keep it safe, and give --passphrase-file F");
        }
        CredentialsSource credentials = options.config(session).credentials(storage);
        choosePort();
        Presence presence = session.components().volumes().probe(storage, credentials);
        Optional<Passphrase> passphrase = presence.isFileSystem()
                ? ServeCommand.unlock(session, storage, presence, secrets)
                : make(storage, credentials);
        return ServerRun.inForeOrBackground(session, options, storage, passphrase);
    }

    /** Makes the file system; gives the passphrase to open it with. */
    private Optional<Passphrase> make(StorageUrl storage, CredentialsSource credentials) throws CairnException {
        if (format.isPlain()) {
            tell(storage, MkfsCommand.make(session, format.options(storage, credentials, Optional.empty())), null);
            return Optional.empty();
        }
        format.options(storage, credentials, Optional.empty()); // their errors, before there is a key file
        Path keyFile = session.directories().keyFileOf(storage);
        boolean random = !secrets.isGiven() && !Files.exists(keyFile);
        Passphrase passphrase = secrets.isGiven()
                ? secrets.chosen(session)
                : random ? SecretFile.createRandom(keyFile) : SecretFile.read(keyFile);
        try {
            Made made = MkfsCommand.make(session, format.options(storage, credentials, Optional.of(passphrase)));
            tell(storage, made, secrets.isGiven() ? null : keyFile);
        } catch (CairnException | RuntimeException e) {
            passphrase.close();
            if (random) {
                forget(keyFile);
            }
            throw e;
        }
        return Optional.of(passphrase);
    }

    /** @param keyFile null where the user brought the passphrase */
    private void tell(StorageUrl storage, Made made, Path keyFile) {
        if (options.isJson()) {
            session.out().println(Output.line(MadeJson.of(made, storage, keyFile)));
            return;
        }
        session.out().println("Made file system " + made.fileSystemId() + " at " + storage + ".");
        made.recoveryKey().ifPresent(key -> MkfsCommand.printRecoveryKey(session, key));
        if (keyFile != null) {
            session.out()
                    .println("Its passphrase is in " + keyFile
                            + ": without that file or the recovery key, the files are lost.");
        }
    }

    private void forget(Path keyFile) throws CairnException {
        try {
            Files.delete(keyFile);
        } catch (IOException e) {
            throw Failures.ofFile("cannot delete the unused key file " + keyFile, e);
        }
    }

    /** Where the user chose no port and the usual one is taken, the next free one. */
    private void choosePort() throws CairnException {
        if (options.hasPort()) {
            return;
        }
        InetSocketAddress usual = options.listen();
        for (int port = usual.getPort(); port <= LAST_PORT_TRIED; port++) {
            if (isFree(new InetSocketAddress(usual.getAddress(), port))) {
                if (port != usual.getPort()) {
                    session.say("port " + usual.getPort() + " is in use; using " + port);
                }
                options.presetPort(port);
                return;
            }
        }
        throw new CairnException(
                ExitCode.PORT_IN_USE,
                "ports " + usual.getPort() + " to " + LAST_PORT_TRIED + " are in use",
                "choose another with --port");
    }

    private static boolean isFree(InetSocketAddress address) throws CairnException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(address);
            return true;
        } catch (IOException e) {
            CairnException failure = Failures.ofListen(address, e);
            if (failure.exitCode() != ExitCode.PORT_IN_USE) {
                throw failure;
            }
            return false;
        }
    }
}
