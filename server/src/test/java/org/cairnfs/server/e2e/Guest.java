package org.cairnfs.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cairnfs.server.testing.NfsClient;
import org.cairnfs.server.testing.NfsClient.Result;
import org.cairnfs.server.testing.NfsClient.Running;

/**
 * A guest with a real client whose script and whose test take turns: the script says {@code step NAME} and waits there until the
 * test, which waited for that, says {@link #go}. The script ends at its first command that fails.
 *
 * <p>The turns are files in the shared folder, which the guest asks for ten times a second. For one thread.
 */
final class Guest implements AutoCloseable {
    private static final long STEP_SECONDS =
            (Boolean.getBoolean("cairn.long") ? 3600 : 400) + 60L * Integer.getInteger("cairn.soak.minutes", 0);

    private static final String PREAMBLE = """
            set -euo pipefail
            step() { echo "step $1"; until [ -e "/mnt/host/go-$1" ]; do sleep 0.1; done; }
            """;

    private final RealServer server;
    private final Running running;

    private Guest(RealServer server, Running running) {
        this.server = server;
        this.running = running;
    }

    /** Boots a guest that runs a script in the mount. */
    static Guest start(RealServer server, NfsClient client, String script) throws IOException {
        return new Guest(server, client.timeout(2 * STEP_SECONDS).start(PREAMBLE + script));
    }

    /** The same with NFS 4.1. */
    static Guest start(RealServer server, String script) throws IOException {
        return start(server, server.client(), script);
    }

    /** Runs a script to its end, which must be a good one; gives what it printed. */
    static String run(RealServer server, NfsClient client, String script) throws Exception {
        try (Guest guest = start(server, client, script)) {
            return guest.succeeds();
        }
    }

    static String run(RealServer server, String script) throws Exception {
        return run(server, server.client(), script);
    }

    /** Waits until the script is at a step. */
    void awaitStep(String step) throws InterruptedException {
        awaitLine("step " + step);
    }

    /** Waits until the script has printed a line. */
    void awaitLine(String line) throws InterruptedException {
        assertThat(running.out().awaitLine(line::equals, STEP_SECONDS))
                .as(() -> "waiting for '" + line + "'; the guest said:\n" + said())
                .isPresent();
    }

    /** Lets the script go on. */
    void go(String step) throws IOException {
        Files.createFile(file("go-" + step));
    }

    /** A file that the guest sees in {@code /mnt/host}. */
    Path file(String name) {
        return server.share().resolve(name);
    }

    /** Waits for the end of the script, which must be a good one; gives what it printed. */
    String succeeds() throws Exception {
        Result result = running.await();
        assertThat(result.status()).as(result.out() + result.err()).isZero();
        return result.out();
    }

    boolean isAlive() {
        return running.isAlive();
    }

    private String said() {
        return running.out().soFar() + running.err().soFar();
    }

    /** Kills the guest, if it still runs. */
    @Override
    public void close() {
        running.close();
    }
}
