package org.cairnfs.server.cli;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.config.SecretFile;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where the passphrase comes from: a file, a command, or the terminal; never an argument, which others could see. */
final class SecretOptions {
    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private Source source = new Source();

    /** One of the two. */
    static final class Source {
        @Option(
                names = "--passphrase-file",
                paramLabel = "F",
                description =
                        "Read the passphrase from the one line of file F, which only its owner may read (chmod 600).")
        private Path file;

        @Option(
                names = "--passphrase-command",
                paramLabel = "COMMAND",
                description = "Run COMMAND in a shell and take the one line that it prints, e.g. 'pass show cairn'.")
        private String command;
    }

    /** Whether the user said where it comes from. */
    boolean isGiven() {
        return source.file != null || source.command != null;
    }

    /** The passphrase, if the user said where it comes from. */
    Optional<Passphrase> given() throws CairnException {
        if (source.file != null) {
            return Optional.of(SecretFile.read(source.file));
        }
        return source.command == null ? Optional.empty() : Optional.of(run(source.command));
    }

    /** The passphrase of an existing file system: as given, else asked for. */
    Passphrase existing(Session session) throws CairnException {
        Optional<Passphrase> given = given();
        return given.isPresent() ? given.get() : ask(session, "passphrase");
    }

    /** The passphrase of a new file system: as given, else asked for twice. */
    Passphrase chosen(Session session) throws CairnException {
        Optional<Passphrase> given = given();
        return given.isPresent() ? given.get() : askTwice(session);
    }

    /** Asks for a new passphrase. */
    static Passphrase askTwice(Session session) throws CairnException {
        Passphrase first = ask(session, "new passphrase");
        try (Passphrase second = ask(session, "the same again")) {
            if (!Arrays.equals(first.copyBytes(), second.copyBytes())) {
                first.close();
                throw new CairnException(ExitCode.SECRET_MISSING, "the two passphrases differ", "try again");
            }
        }
        return first;
    }

    private static Passphrase ask(Session session, String prompt) throws CairnException {
        if (!session.terminal().isInteractive()) {
            throw new CairnException(
                    ExitCode.SECRET_MISSING,
                    "a passphrase is needed, and there is no terminal to ask at",
                    "give --passphrase-file F or --passphrase-command COMMAND");
        }
        char[] typed = session.terminal().askSecret(prompt).orElse(new char[0]);
        try {
            if (typed.length == 0 || typed.length > Passphrase.MAX_BYTES / 4) {
                throw new CairnException(
                        ExitCode.SECRET_MISSING,
                        "that is no passphrase",
                        "type 1 to " + Passphrase.MAX_BYTES / 4 + " characters");
            }
            return Passphrase.of(typed);
        } finally {
            Arrays.fill(typed, '\0');
        }
    }

    /** What a command prints. */
    static Passphrase run(String command) throws CairnException {
        try {
            Process process = new ProcessBuilder("/bin/sh", "-c", command)
                    .redirectInput(Redirect.INHERIT)
                    .redirectError(Redirect.INHERIT)
                    .start();
            Optional<Passphrase> secret = Optional.empty();
            CairnException failure = null;
            try (InputStream out = process.getInputStream()) {
                secret = Optional.of(SecretFile.read(out, "the passphrase command"));
            } catch (CairnException e) {
                failure = e;
            }
            int status = process.waitFor();
            if (status != 0) {
                secret.ifPresent(Passphrase::close);
                throw new CairnException(
                        ExitCode.SECRET_FILE, "the passphrase command ended with status " + status, "", failure);
            }
            if (failure != null) {
                throw failure;
            }
            return secret.orElseThrow();
        } catch (IOException e) {
            throw new CairnException(ExitCode.SECRET_FILE, "the passphrase command cannot be run", "", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CairnException(ExitCode.INTERRUPTED, "interrupted", "", e);
        }
    }
}
