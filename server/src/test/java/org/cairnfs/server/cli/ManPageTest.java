package org.cairnfs.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cairnfs.core.testkit.Tools;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.testing.NfsClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The manual pages say all that the commands say of themselves, in roff that groff takes without a warning. */
class ManPageTest {
    @TempDir
    private Path home;

    private CommandLine cairn;
    private Map<String, String> pages;

    @BeforeEach
    void write() {
        Session session = new CommandRig(home).silent();
        cairn = CairnCommand.commandLine(session);
        pages = ManPages.all(session, "1.2");
    }

    private Stream<CommandSpec> commands() {
        return Stream.concat(Stream.of(cairn), CommandTree.below(cairn).values().stream())
                .map(CommandLine::getCommandSpec);
    }

    /** What a reader sees of roff, without fonts and line breaks. */
    private static String seen(String roff) {
        return roff.replaceAll("\\\\f[BIR]", "")
                .replace("\\-", "-")
                .replace("\\(aq", "'")
                .replace("\\(ga", "`")
                .replace("\\(ti", "~")
                .replace("\\&", "")
                .replaceAll("\\s+", " ");
    }

    private static String words(String text) {
        return String.format(Locale.ROOT, text).replaceAll("\\s+", " ").strip();
    }

    @Test
    void everyCommandHasItsPageAndNothingElse() {
        List<String> names = new ArrayList<>(List.of("cairn"));
        CommandTree.below(cairn).keySet().forEach(name -> names.add("cairn-" + name.replace(' ', '-')));
        assertThat(pages.keySet()).containsExactlyInAnyOrderElementsOf(names);
        assertThat(seen(pages.get("cairn")))
                .contains(cairn.getSubcommands().keySet().stream()
                        .map(name -> "cairn-" + name)
                        .toList());
    }

    @Test
    void everyOptionArgumentAndSentenceOfTheHelpIsInThePage() {
        commands().forEach(command -> {
            String page = seen(pages.get(ManPage.name(command)));
            for (String text : command.usageMessage().description()) {
                assertThat(page).contains(words(text));
            }
            for (ArgSpec argument : command.args()) {
                if (!argument.hidden()) {
                    if (argument.isPositional()) {
                        assertThat(page).as(command.name()).contains(".TP " + argument.paramLabel() + " ");
                    }
                    for (String text : argument.description()) {
                        assertThat(page).as(command.name()).contains(words(text));
                    }
                }
            }
            for (OptionSpec option : command.options()) {
                String tag = ".TP " + String.join(", ", option.names())
                        + (option.arity().max() > 0 ? "=" + option.paramLabel() : "") + " ";
                if (option.hidden()) {
                    assertThat(page).doesNotContain(option.longestName());
                } else {
                    assertThat(page).as(command.name()).contains(tag);
                }
            }
        });
    }

    @Test
    void thePageOfTheWholeExplainsHowCommandsEnd() {
        String page = seen(pages.get("cairn"));
        for (ExitCode code : ExitCode.values()) {
            assertThat(page).contains(".TP " + code.number() + " " + code.summary() + " ");
        }
    }

    @Test
    void thePageOfTheWholeNamesWhatTheLauncherLooksAt() throws Exception {
        String launcher = Files.readString(NfsClient.repository().resolve("scripts/cairn"));
        String page = seen(pages.get("cairn"));
        assertThat(Pattern.compile("(?m)^#   ([A-Z_]+)  ")
                        .matcher(launcher)
                        .results()
                        .map(found -> found.group(1)))
                .contains("JAVA_HOME")
                .allSatisfy(variable -> assertThat(page).contains(".TP " + variable + " "));
    }

    @Test
    void thePartsOfAPage() {
        assertThat(pages.get("cairn-serve"))
                .startsWith(".TH \"CAIRN\\-SERVE\" \"1\" \"\" \"cairn 1.2\" \"Cairn Manual\"\n")
                .contains(
                        ".SH \"NAME\"\ncairn\\-serve \\- serve a file system over NFS until stopped, in the foreground or, with",
                        ".SH \"SYNOPSIS\"\n\\fBcairn serve\\fR [\\fB\\-h\\fR]",
                        "[\\fB\\-\\-port\\fR=\\fIN\\fR]",
                        ".SH \"ARGUMENTS\"\n.TP\n\\fISTORAGE\\-URL\\fR\n",
                        ".SH \"EXAMPLES\"\n.RS 4\n.nf\ncairn serve local:///srv/cairn\n",
                        "\\fBexports\\fR(5)\n")
                .doesNotContain("${", "%n", "\33");
    }

    @Test
    void whatRoffWouldTakeForItsOwnIsEscaped() {
        assertThat(RoffText.escape(".x 'a\\b' `~^")).isEqualTo("\\&.x \\(aqa\\eb\\(aq \\(ga\\(ti\\(ha");
        assertThat(RoffText.escape(ManPage.Font.BOLD.of("-a"))).isEqualTo("\\fB\\-a\\fR");
    }

    @Test
    void groffHasNothingToComplainOf() throws Exception {
        Tools.require("groff", "package groff-base");
        for (Map.Entry<String, String> page : pages.entrySet()) {
            Path file = Files.writeString(home.resolve(page.getKey() + ".1"), page.getValue());
            Process groff = new ProcessBuilder("groff", "-man", "-Tutf8", "-P-cbou", "-ww", file.toString())
                    .redirectOutput(home.resolve("text").toFile())
                    .redirectErrorStream(false)
                    .start();
            String said = new String(groff.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(groff.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(said).as(page.getKey()).isEmpty();
            assertThat(Files.readString(home.resolve("text"))).contains("NAME", "OPTIONS", "--help", "EXIT STATUS");
        }
    }
}
