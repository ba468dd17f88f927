package org.cairnfs.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HostCommandTest {
    @Test
    void whatIsPrintedIsToldUnlessItFails() throws Exception {
        assertThat(HostCommand.output("echo", "a b")).contains("a b\n");
        assertThat(HostCommand.output("sh", "-c", "echo no; exit 2")).isEmpty();
        assertThatThrownBy(() -> HostCommand.output("no-such-program-here")).isInstanceOf(IOException.class);
    }

    @Test
    void moreThanFitsIntoAPipeIsRead() throws Exception {
        assertThat(HostCommand.output("head", "-c", "300000", "/dev/zero").orElseThrow())
                .hasSize(300_000);
    }

    @Test
    void whoNeverEndsIsEnded() {
        assertThatThrownBy(() -> HostCommand.output(Duration.ofSeconds(1), "sleep", "100000"))
                .isInstanceOf(IOException.class)
                .hasMessage("sleep did not end within 1 s");
    }

    /** Its end and the reading of its output race: what was printed is whole whichever is first. */
    @Test
    void theEndOfAProgramDoesNotCutItsOutput() throws Exception {
        for (int run = 0; run < 300; run++) {
            assertThat(HostCommand.output("echo", "run " + run)).contains("run " + run + "\n");
        }
    }
}
