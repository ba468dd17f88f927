package org.cairnfs.server;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A program of this host that is asked something: no input, a short answer, and little patience. Stateless. */
public final class HostCommand {
    private static final int PATIENCE_SECONDS = 10;
    private static final int MAX_OUTPUT_BYTES = 1 << 20;

    private HostCommand() {}

    /**
     * Runs a program to its end, for {@value #PATIENCE_SECONDS} seconds at most.
     *
     * @return what it printed, up to 1 MiB; empty if it ended with anything but 0
     * @throws IOException if it cannot be started, or was ended as it took too long
     */
    public static Optional<String> output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        // Its output is read meanwhile, so that it need not wait for that; its end is also that of the reading.
        var late = process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
        var unused = late.whenComplete((ended, failure) -> process.destroyForcibly());
        byte[] output;
        try {
            output = process.getInputStream().readNBytes(MAX_OUTPUT_BYTES);
        } finally {
            process.getInputStream().close();
        }
        int code = process.waitFor();
        if (late.isCompletedExceptionally()) {
            throw new IOException(command[0] + " did not end within " + PATIENCE_SECONDS + " s");
        }
        return code == 0 ? Optional.of(new String(output, StandardCharsets.UTF_8)) : Optional.empty();
    }
}
