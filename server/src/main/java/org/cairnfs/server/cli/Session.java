package org.cairnfs.server.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.app.Components;
import org.cairnfs.server.config.ConfigFile;
import org.cairnfs.server.config.Directories;
import org.cairnfs.server.config.ServerConfig;

/**
 * What a command runs in.
 *
 * @param main the class whose main began this process, for the background server
 * @param out what was asked for
 * @param err everything said besides
 */
record Session(
        Components components,
        Class<?> main,
        Directories directories,
        Path workingDirectory,
        Terminal terminal,
        PrintStream out,
        PrintStream err) {

    /** The session of this process. */
    static Session ofProcess(Components components, Class<?> main) {
        return new Session(
                components,
                main,
                Directories.ofUser(),
                Path.of("").toAbsolutePath(),
                Terminal.ofProcess(),
                System.out,
                System.err);
    }

    /** The configuration of the user, else of the machine, else the defaults. */
    ServerConfig config() throws CairnException {
        Optional<Path> file = directories.configFile();
        return file.isEmpty() ? ServerConfig.defaults() : ServerConfig.of(ConfigFile.read(file.get()));
    }

    /** One line to the user, on stderr, as all that is not the result. */
    void say(String line) {
        err.println("cairn: " + line);
    }
}
