package org.cairnfs.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a bash offers after {@code source <(cairn completion)}, when somebody presses TAB. */
class CompletionTest {
    /** Does what readline does: finds the function that completes the command, and has it look at the words. */
    private static final String TAB = """
        set -u
        compopt() { :; } # that of bash wants to be called by readline
        source "$1"
        shift
        [[ $(complete -p cairn) =~ -F\\ ([^ ]+) ]] || exit 9
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        COMP_LINE="$*"
        COMP_POINT=${#COMP_LINE}
        COMPREPLY=()
        "${BASH_REMATCH[1]}" cairn "${@: -1}" "${@: -2:1}"
        [[ ${#COMPREPLY[@]} -eq 0 ]] || printf '%s\\n' "${COMPREPLY[@]}"
        """;

    @TempDir
    Path home;

    private Path script;

    @BeforeEach
    void print() throws Exception {
        script = Files.writeString(
                home.resolve("script"), new CommandRig(home).run("completion").out());
    }

    /** @param words of the line, the last of which is being typed */
    private List<String> tab(String... words) throws IOException, InterruptedException {
        ProcessBuilder bash =
                new ProcessBuilder("bash", "--norc", "-c", TAB, "bash", script.toString()).directory(home.toFile());
        bash.command().addAll(List.of(words));
        Process process = bash.redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out.lines().map(String::strip).toList();
    }

    @Test
    void commandsAreCompleted() throws Exception {
        assertThat(tab("cairn", "sna")).containsExactly("snapshot");
        assertThat(tab("cairn", "st")).containsExactlyInAnyOrder("status", "stat", "stop");
        assertThat(tab("cairn", "")).contains("mkfs", "serve", "up", "help");
        assertThat(tab("cairn", "snapshot", "cre")).containsExactly("create");
        assertThat(tab("cairn", "nothing")).isEmpty();
    }

    @Test
    void optionsAreCompleted() throws Exception {
        assertThat(tab("cairn", "serve", "--read")).containsExactly("--read-only");
        assertThat(tab("cairn", "snapshot", "expire", "--dr")).containsExactly("--dry-run");
        assertThat(tab("cairn", "serve", "--daemon-"))
                .as("what is for the program itself is not offered")
                .isEmpty();
    }

    @Test
    void filesAreCompletedWhereAnOptionWantsOne() throws Exception {
        Files.createFile(home.resolve("exports.conf"));
        assertThat(tab("cairn", "serve", "--exports", "exp")).containsExactly("exports.conf");
    }
}
