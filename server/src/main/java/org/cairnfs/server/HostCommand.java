package org.cairnfs.server;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A program of this host that is asked something: no input, a short answer, and little patience. Stateless. */
public final class HostCommand {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_OUTPUT_BYTES = 1 << 20;

    private HostCommand() {}

    /**
     * Runs a program to its end, for ten seconds at most.
     *
     * @return what it printed, up to 1 MiB; empty if it ended with anything but 0
     * @throws IOException if it cannot be started, or was ended as it took too long
     */
    public static Optional<String> output(String... command) throws IOException, InterruptedException {
        return output(PATIENCE, command);
    }

    static Optional<String> output(Duration patience, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        // Its output is read meanwhile, so that it need not wait for that; its end is also that of the reading. It is
        // ended by its
        // handle, as Process.destroy would close the output under the hands of the reader.
        var late = process.onExit().orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
        var unused = late.exceptionally(tooLate -> {
            process.toHandle().destroyForcibly();
            return process;
        });
        byte[] output;
        try {
            output = process.getInputStream().readNBytes(MAX_OUTPUT_BYTES);
        } finally {
            process.getInputStream().close();
        }
        int code = process.waitFor();
        if (late.isCompletedExceptionally()) {
            throw new IOException(command[0] + " did not end within " + patience.toSeconds() + " s");
        }
        return code == 0 ? Optional.of(new String(output, StandardCharsets.UTF_8)) : Optional.empty();
    }
}
