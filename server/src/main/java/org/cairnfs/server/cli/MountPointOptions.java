package org.cairnfs.server.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.MountRequest;
import org.cairnfs.server.config.Sizes;
import picocli.CommandLine.Option;

/** How a file system is mounted on this machine, where it is: shared by serve and mount. */
final class MountPointOptions {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);

    @Option(names = "--allow-other", description = "Let other users than the server's use the mount, too.")
    private boolean allowOther;

    @Option(
            names = "--fuse-timeout",
            paramLabel = "TIME",
            description =
                    "How long the kernel believes what it was told of the mount, and so how long a change over NFS may"
                            + " take to be seen there (default: 1s); 0s to ask each time, which is slow.")
    private String timeout;

    /** The request for a directory, which may be relative. */
    MountRequest request(Session session, String directory, boolean endsServer) throws CairnException {
        return new MountRequest(real(session, directory), allowOther, timeout(), endsServer);
    }

    /**
     * A directory as the kernel names it. A mount whose server is dead cannot be looked at: then only what is above it is made real.
     */
    static Path real(Session session, String directory) throws CairnException {
        Path absolute = session.workingDirectory().resolve(directory).normalize();
        Path parent = absolute.getParent();
        try {
            return parent == null ? absolute : parent.toRealPath().resolve(absolute.getFileName());
        } catch (IOException e) {
            throw new CairnException(
                    ExitCode.MOUNT_POINT, "there is no directory " + directory, "make it, or choose another", e);
        }
    }

    private Duration timeout() throws CairnException {
        if (timeout == null) {
            return DEFAULT_TIMEOUT;
        }
        OptionalLong millis = Sizes.parseMillis(timeout);
        if (millis.isEmpty() || millis.getAsLong() > LONGEST_TIMEOUT.toMillis()) {
            throw new CairnException(
                    ExitCode.USAGE, "'" + timeout + "' is no such time", "--fuse-timeout wants e.g. 0s, 1s, 1m");
        }
        return Duration.ofMillis(millis.getAsLong());
    }

    /** For the command line of a background server. */
    List<String> childArguments() {
        List<String> arguments = new ArrayList<>();
        if (allowOther) {
            arguments.add("--allow-other");
        }
        if (timeout != null) {
            arguments.addAll(List.of("--fuse-timeout", timeout));
        }
        return arguments;
    }
}
