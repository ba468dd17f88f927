package org.cairnfs.server.cli;

import java.util.concurrent.Callable;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code cairn version} and {@code --version}: of the program, of Java, of the system. */
@Command(
        name = "version",
        description = {"Print the version of Cairn, of Java, and of the system.", ""})
final class VersionCommand implements Callable<Integer>, IVersionProvider {
    private final Session session;

    VersionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        session.out().println(getVersion()[0]);
        return ExitCode.OK.number();
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "cairn " + Version.text() + " (Java " + System.getProperty("java.version") + ", "
                    + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ")"
        };
    }
}
