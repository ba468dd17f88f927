package org.cairnfs.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.cairnfs.server.testing.NfsClient;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
    @Test
    void numbersAreDistinctAndInTheRangeOfAProcess() {
        assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::number))
                .doesNotHaveDuplicates()
                .allMatch(number -> number >= 0 && number <= 255)
                .doesNotContain(126, 127, 124, 125); // of shells and of scripts/nfs-client
        assertThat(ExitCode.ofNumber(17)).isEqualTo(ExitCode.WRONG_PASSPHRASE);
        assertThat(ExitCode.ofNumber(99)).isEqualTo(ExitCode.INTERNAL);
    }

    /** The page has one row for each code, in order, and says what to do. */
    @Test
    void thePageIsComplete() throws Exception {
        List<String> rows = Files.readAllLines(NfsClient.repository().resolve("docs/exit-codes.md")).stream()
                .filter(line -> line.matches("\\| [0-9]+ \\|.*"))
                .map(line -> line.substring(0, line.indexOf(" |", line.indexOf('|', 1) + 1)))
                .toList();
        assertThat(rows)
                .containsExactlyElementsOf(Arrays.stream(ExitCode.values())
                        .map(code -> "| " + code.number() + " | " + code.summary())
                        .toList());
    }

    @Test
    void failuresAreOneLine() {
        CairnException failure = new CairnException(ExitCode.USAGE, "a\nb\t\u0007c ", " d\r\ne");
        assertThat(failure.toLine()).isEqualTo("a b c; d e");
        assertThat(new CairnException(ExitCode.USAGE, "a", "").toLine()).isEqualTo("a");
    }
}
