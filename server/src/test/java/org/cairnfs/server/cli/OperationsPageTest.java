package org.cairnfs.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.cairnfs.server.testing.NfsClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** docs/operations.md and the README say of the commands what the commands say of themselves. */
class OperationsPageTest {
    /** Of all commands, so that the page names them once. */
    private static final Set<String> COMMON = Set.of("--help", "--debug", "--version");

    private static final Pattern ROW = Pattern.compile("\\| `(--[a-z-]+)( [^`]+)?` \\| ([a-z, -]+) \\| .*");
    private static final Pattern COMMAND = Pattern.compile("`cairn ([a-z-]+)[ `]");

    @TempDir
    private Path home;

    private CommandLine cairn;
    private List<String> page;

    @BeforeEach
    void read() throws Exception {
        cairn = CairnCommand.commandLine(new CommandRig(home).silent());
        page = Files.readAllLines(NfsClient.repository().resolve("docs/operations.md"));
    }

    /** An option of a command, with what stands for its value. */
    private record Documented(String command, String option, String value) {}

    @Test
    void everyOptionOfEveryCommandIsDocumentedAndNoOther() {
        List<Documented> wanted = new ArrayList<>();
        CommandTree.below(cairn).forEach((name, command) -> {
            for (OptionSpec option : command.getCommandSpec().options()) {
                if (!option.hidden() && !COMMON.contains(option.longestName())) {
                    boolean takesValue = option.arity().max() > 0;
                    wanted.add(new Documented(name, option.longestName(), takesValue ? option.paramLabel() : ""));
                }
            }
        });
        List<Documented> written = new ArrayList<>();
        for (String line : page) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                String value = row.group(2) == null ? "" : row.group(2).strip();
                for (String command : row.group(3).split(", ", -1)) {
                    written.add(new Documented(command, row.group(1), value));
                }
            }
        }
        assertThat(written).containsExactlyInAnyOrderElementsOf(wanted);
    }

    @Test
    void everyCommandIsDocumentedAndNoOther() {
        Set<String> written = COMMAND.matcher(String.join("\n", page))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
        assertThat(written)
                .containsExactlyInAnyOrderElementsOf(cairn.getSubcommands().keySet());
    }

    @Test
    void whatTheReadmeSpeaksOfExists() throws Exception {
        String readme = Files.readString(NfsClient.repository().resolve("README.md"));
        Set<String> options = CommandTree.below(cairn).values().stream()
                .flatMap(command -> command.getCommandSpec().optionsMap().keySet().stream())
                .collect(Collectors.toSet());
        assertThat(Pattern.compile("(?<= |`)--[a-z][a-z-]+")
                        .matcher(readme)
                        .results()
                        .map(found -> found.group()))
                .isNotEmpty()
                .allMatch(options::contains);
        assertThat(COMMAND.matcher(readme).results().map(found -> found.group(1)))
                .isNotEmpty()
                .allMatch(cairn.getSubcommands()::containsKey);
    }
}
