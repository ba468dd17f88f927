package org.cairnfs.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class ToolsTest {
    @Test
    void findsWhatIsThere() {
        assertThat(Tools.find("sh")).hasValueSatisfying(path -> assertThat(path).isExecutable());
        Tools.require("sh", "part of every system");
    }

    @Test
    void whatIsMissingSkipsOrFailsAndSaysWhatToInstall() {
        Class<? extends Throwable> expected =
                "1".equals(System.getenv(Tools.REQUIRE)) ? AssertionFailedError.class : TestAbortedException.class;
        assertThatThrownBy(() -> Tools.require("no-such-program-anywhere", "package nowhere"))
                .isInstanceOf(expected)
                .hasMessageContaining("no-such-program-anywhere")
                .hasMessageContaining("package nowhere");
    }
}
