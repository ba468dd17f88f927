package org.cairnfs.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

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
        assertThatThrownBy(() -> HostCommand.output("sleep", "100000"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not end within");
    }
}
