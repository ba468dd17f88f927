package org.cairnfs.server.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.app.StoredFileSystem;
import org.cairnfs.server.config.SecretFile;
import org.cairnfs.server.config.StorageUrls;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The options of a command that opens a file system in its storage by itself, without a server. */
final class StorageAccess {
    @Mixin
    private SecretOptions secrets;

    @Mixin
    private CredentialsOptions login;

    @Parameters(index = "0", paramLabel = "STORAGE-URL", description = "Where the file system is.")
    private String url;

    StorageUrl storage(Session session) throws CairnException {
        return StorageUrls.parse(url, session.workingDirectory());
    }

    /** Opens it, with the passphrase as given, else of the key file that {@code up} made, else asked for. */
    StoredFileSystem open(Session session) throws CairnException {
        StorageUrl storage = storage(session);
        return StoredFileSystem.open(
                storage,
                login.apply(session, session.config()).credentials(storage),
                () -> passphrase(session, storage, secrets));
    }

    /** The same, for a command that only reads. */
    StoredFileSystem openToRead(Session session) throws CairnException {
        StorageUrl storage = storage(session);
        return StoredFileSystem.openToRead(
                storage,
                login.apply(session, session.config()).credentials(storage),
                () -> passphrase(session, storage, secrets));
    }

    static Passphrase passphrase(Session session, StorageUrl storage, SecretOptions secrets) throws CairnException {
        Path keyFile = session.directories().keyFileOf(storage);
        boolean useKeyFile = !secrets.isGiven() && Files.exists(keyFile);
        return useKeyFile ? SecretFile.read(keyFile) : secrets.existing(session);
    }
}
