package org.cairnfs.server.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.cairnfs.server.config.ServerConfig;
import org.cairnfs.server.config.ServerConfig.Login;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where the login to the storage comes from; never an argument, which others could see. */
final class CredentialsOptions {
    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private Source source = new Source();

    /** One of the two. */
    static final class Source {
        @Option(
                names = "--credentials-file",
                paramLabel = "F",
                description = "Read the login to the storage from file F, which only its owner may read (chmod 600)"
                        + " (default: as configured, else ~/.config/cairn/credentials, else the provider's usual"
                        + " environment variables).")
        private Path file;

        @Option(
                names = "--credentials-command",
                paramLabel = "COMMAND",
                description = "Run COMMAND in a shell and take what it prints for such a file.")
        private String command;
    }

    /** The configuration with what the command line says, or else with the usual file if there is one. */
    ServerConfig apply(Session session, ServerConfig config) {
        if (source.file != null || source.command != null) {
            return config.withLogin(new Login(
                    Optional.ofNullable(source.file)
                            .map(file -> session.workingDirectory().resolve(file)),
                    Optional.ofNullable(source.command)));
        }
        Path usual = session.directories().credentialsFile();
        boolean useUsual = config.login().isEmpty() && Files.exists(usual);
        return useUsual ? config.withLogin(new Login(Optional.of(usual), Optional.empty())) : config;
    }

    /** The same for a background server. */
    List<String> childArguments(Session session) {
        if (source.file != null) {
            return List.of(
                    "--credentials-file",
                    session.workingDirectory().resolve(source.file).toString());
        }
        return source.command == null ? List.of() : List.of("--credentials-command", source.command);
    }
}
