package org.cairnfs.server.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import org.cairnfs.server.app.Components;
import org.cairnfs.server.config.Directories;

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

    /** One line to the user, on stderr, as all that is not the result. */
    void say(String line) {
        err.println("cairn: " + line);
    }
}
