package org.cairnfs.server.cli;

import java.util.concurrent.Callable;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.StoreKeys;
import org.cairnfs.server.config.StorageUrls;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that reads or changes the key slots of a file system in a storage. */
abstract class KeyAccess implements Callable<Integer> {
    private final Session session;

    @Mixin
    private SecretOptions secrets;

    @Mixin
    private CredentialsOptions login;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Parameters(index = "0", paramLabel = "STORAGE-URL", description = "Where the file system is.")
    private String url;

    KeyAccess(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws CairnException {
        StorageUrl storage = StorageUrls.parse(url, session.workingDirectory());
        try (Passphrase passphrase = secrets.existing(session);
                StoreKeys keys = StoreKeys.open(
                        storage, login.apply(session, session.config()).credentials(storage), passphrase)) {
            run(keys);
        }
        return ExitCode.OK.number();
    }

    abstract void run(StoreKeys keys) throws CairnException;

    Session session() {
        return session;
    }

    /** Prints the result as JSON, if that was asked for. */
    boolean printed(Object result) {
        if (json) {
            session.out().println(Output.pretty(result));
        }
        return json;
    }
}
