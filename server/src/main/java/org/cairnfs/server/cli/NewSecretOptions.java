package org.cairnfs.server.cli;

import java.nio.file.Path;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.config.SecretFile;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where a further passphrase comes from: a file, a command, or the terminal. */
final class NewSecretOptions {
    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private Source source = new Source();

    /** One of the two. */
    static final class Source {
        @Option(
                names = "--new-passphrase-file",
                paramLabel = "F",
                description = "Read the new passphrase from the one line of file F, which only its owner may read.")
        private Path file;

        @Option(
                names = "--new-passphrase-command",
                paramLabel = "COMMAND",
                description = "Run COMMAND in a shell and take the one line that it prints as the new passphrase.")
        private String command;
    }

    /** The new passphrase: as given, else asked for twice. */
    Passphrase chosen(Session session) throws CairnException {
        if (source.file != null) {
            return SecretFile.read(source.file);
        }
        return source.command == null ? SecretOptions.askTwice(session) : SecretOptions.run(source.command);
    }
}
