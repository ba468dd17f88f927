package org.cairnfs.server.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.cairnfs.server.testing.NfsClient.Result;
import org.cairnfs.server.testing.NfsClient.Running;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The guest with the real client itself: boots, runs what it is told, tells how that ended, and goes when it is told to. */
class NfsClientIT {
    @BeforeAll
    static void require() {
        NfsClient.require();
    }

    @Test
    void runsAScriptInAGuestAndTellsItsEnd() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            Result result = NfsClient.at(listening.getLocalPort())
                    .with("--no-mount")
                    .timeout(60)
                    .run("uname -r; echo to stderr >&2; exit 7");
            assertThat(result.err()).contains("to stderr");
            assertThat(result.status()).isEqualTo(7);
            assertThat(result.out()).isNotBlank().doesNotContain(System.getProperty("os.version"));
        }
    }

    @Test
    void goesWithItsGuestWhenClosed() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"));
                Running running = NfsClient.at(listening.getLocalPort())
                        .with("--no-mount")
                        .start("echo begun; sleep 1000")) {
            assertThat(running.out().awaitLine(line -> line.equals("begun"), 120))
                    .isPresent();
            running.close();
            assertThat(running.isAlive()).isFalse();
            assertThat(running.await().status()).isEqualTo(143);
        }
    }
}
