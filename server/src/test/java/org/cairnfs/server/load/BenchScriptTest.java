package org.cairnfs.server.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** {@code scripts/bench}: what its report makes of figures, and its arguments. */
class BenchScriptTest {
    private static final Path HOME = Path.of("").toAbsolutePath().getParent();

    private record Ended(int code, String said) {}

    private static Ended python(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder("python3", "-B").directory(HOME.toFile()).redirectErrorStream(true);
        builder.command().addAll(List.of(arguments));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            if (System.getenv("CAIRN_REQUIRE_TOOLS") != null) {
                throw e;
            }
            Assumptions.abort("needs python3: " + e.getMessage());
            throw e;
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), said);
    }

    @Test
    void itsOwnTestsPass() throws Exception {
        Ended ended = python("-m", "unittest", "discover", "-s", "scripts/bench.d", "-v");

        assertThat(ended.code()).as(ended.said()).isZero();
        assertThat(ended.said())
                .contains("test_aims_say_whether_the_median_reaches_them")
                .contains("OK");
    }

    @Test
    void helpNamesTheWorkloads() throws Exception {
        Ended ended = python("scripts/bench", "--help");

        assertThat(ended.code()).as(ended.said()).isZero();
        assertThat(ended.said()).contains("nfs:", "data:", "--against");
    }

    @Test
    void aWorkloadThatIsNotThereIsRefused() throws Exception {
        Ended ended = python("scripts/bench", "nosuch");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.said()).contains("there is no workload nosuch");
    }
}
