package org.cairnfs.server.cli;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The manual page of one command, in roff with the macros of man(7): what its {@code --help} says, and so always the same. */
final class ManPage {
    private static final String MANUAL = "Cairn Manual";
    private static final Set<String> EXAMPLES = Set.of("Example:", "Examples:");

    /** What scripts/cairn looks at, which starts the program. */
    private static final Map<String, String> ENVIRONMENT = ImmutableMap.of(
            "JAVA_HOME", "The Java to use; without it, the java in PATH.",
            "CAIRN_HEAP", "Heap of a server, e.g. 512m or 4g (default 1g).",
            "CAIRN_JAVA_OPTS", "More options for the JVM.",
            "CAIRN_NO_BUILD", "1: never build, run what is there.",
            "XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_DATA_HOME",
                    "In place of ~/.config, ~/.local/state and ~/.local/share.");

    private static final Map<String, String> FILES = ImmutableMap.of(
            "~/.config/cairn/cairn.conf",
                    "The configuration, else /etc/cairn/cairn.conf; config/cairn.conf explains its keys.",
            "~/.config/cairn/credentials", "Logins to object stores; config/credentials is an example.",
            "~/.config/cairn/keys/", "Passphrases that 'cairn up' made.",
            "~/.local/state/cairn/",
                    "State directories: journal, database, disk cache, log (where --state names no other).",
            "~/.local/share/cairn/store", "The storage of 'cairn up' without a URL.");

    private final CommandSpec command;
    private final RoffText roff = new RoffText();

    private ManPage(CommandSpec command) {
        this.command = command;
    }

    /** What a page is called: {@code cairn}, {@code cairn-serve} and so on. */
    static String name(CommandSpec command) {
        return command.qualifiedName("-");
    }

    /**
     * The text of a page.
     *
     * @param version of the program, for the foot of the page
     */
    static String of(CommandSpec command, String version) {
        return new ManPage(command).text(version);
    }

    private String text(String version) {
        List<String> description = description(command);
        List<String> footer = lines(command.usageMessage().footer());
        int examples = (int)
                footer.stream().takeWhile(line -> !EXAMPLES.contains(line)).count();
        roff.title(name(command).toUpperCase(Locale.ROOT), "cairn " + version, MANUAL);
        roff.section("NAME");
        roff.line(name(command) + " - " + summary(description.get(0)));
        roff.section("SYNOPSIS");
        roff.line(synopsis());
        roff.section("DESCRIPTION");
        roff.paragraphs(description);
        roff.paragraphs(footer.subList(0, examples));
        arguments();
        options();
        commands();
        exitStatus();
        if (command == command.root()) {
            surroundings();
        }
        if (examples < footer.size()) {
            roff.section("EXAMPLES");
            roff.paragraphs(footer.subList(examples + 1, footer.size()));
        }
        seeAlso();
        return roff.toString();
    }

    /** What a command does, the most important first; picocli's own commands have that in their header. */
    private static List<String> description(CommandSpec command) {
        UsageMessageSpec usage = command.usageMessage();
        List<String> all = new ArrayList<>(lines(usage.header()));
        all.addAll(lines(usage.description()));
        return all.stream().dropWhile(String::isEmpty).toList();
    }

    /** Texts as picocli prints them: with {@code %n} and {@code %%} replaced, line by line. */
    private static List<String> lines(String... texts) {
        return Arrays.stream(texts)
                .flatMap(text -> Arrays.stream(String.format(Locale.ROOT, text).split("\\R", -1)))
                .toList();
    }

    /** The first sentence, as the line that apropos(1) shows. */
    private static String summary(String description) {
        int end = description.indexOf(". ");
        String sentence = end < 0 ? description : description.substring(0, end);
        boolean word = sentence.length() > 1 && Character.isLowerCase(sentence.charAt(1));
        String begin = sentence.substring(0, 1);
        return (word ? begin.toLowerCase(Locale.ROOT) : begin)
                + (sentence.endsWith(".") ? sentence.substring(1, sentence.length() - 1) : sentence.substring(1));
    }

    private String synopsis() {
        ColorScheme fonts = new ColorScheme.Builder(Ansi.ON)
                .commands(Font.BOLD)
                .options(Font.BOLD)
                .parameters(Font.ITALIC)
                .optionParams(Font.ITALIC)
                .build();
        String text = new Help(command, fonts).synopsis(0);
        return text.replace(Ansi.Style.reset.off(), "").replaceAll("\\s+", " ").strip();
    }

    private void arguments() {
        if (!command.positionalParameters().isEmpty()) {
            roff.section("ARGUMENTS");
            command.positionalParameters().forEach(argument -> item(Font.ITALIC.of(argument.paramLabel()), argument));
        }
    }

    private void options() {
        roff.section("OPTIONS");
        for (OptionSpec option : command.options()) {
            if (!option.hidden()) {
                String names = Arrays.stream(option.names()).map(Font.BOLD::of).collect(Collectors.joining(", "));
                item(option.arity().max() > 0 ? names + "=" + Font.ITALIC.of(option.paramLabel()) : names, option);
            }
        }
    }

    private void item(String tag, ArgSpec argument) {
        roff.item(tag, lines(argument.description()));
    }

    private void commands() {
        if (!command.subcommands().isEmpty()) {
            roff.section("COMMANDS");
            command.subcommands().values().forEach(sub -> {
                CommandSpec spec = sub.getCommandSpec();
                roff.item(
                        Font.BOLD.of(name(spec)) + "(1)",
                        List.of(description(spec).get(0)));
            });
        }
    }

    /** The page of the whole explains the numbers, those of its commands point at it. */
    private void exitStatus() {
        roff.section("EXIT STATUS");
        if (command == command.root()) {
            command.usageMessage().exitCodeList().forEach((code, meaning) -> roff.item(code, List.of(meaning)));
        } else {
            roff.line("0 when it is done; " + Font.BOLD.of(name(command.root())) + "(1) explains the other numbers.");
        }
    }

    /** What is the same for all commands. */
    private void surroundings() {
        roff.section("ENVIRONMENT");
        ENVIRONMENT.forEach((variable, meaning) -> roff.item(Font.BOLD.of(variable), List.of(meaning)));
        roff.section("FILES");
        FILES.forEach((file, meaning) -> roff.item(Font.ITALIC.of(file), List.of(meaning)));
    }

    private void seeAlso() {
        roff.section("SEE ALSO");
        CommandSpec root = command.root();
        String others = root.subcommands().values().stream()
                .map(other -> name(other.getCommandSpec()))
                .filter(other -> !other.equals(name(command)))
                .map(other -> Font.BOLD.of(other) + "(1)")
                .collect(Collectors.joining(", "));
        roff.line((command == root ? "" : Font.BOLD.of(name(root)) + "(1), ") + others + ", " + Font.BOLD.of("exports")
                + "(5)");
        roff.paragraphs(List.of("", "The pages in docs/ of the source tree, docs/operations.md first."));
    }

    /** Fonts as styles of picocli, which draws the synopsis; {@link RoffText} makes them those of roff. */
    enum Font implements IStyle {
        BOLD('\1', "\\fB"),
        ITALIC('\2', "\\fI");

        /** Ends either. */
        static final char END = '\3';

        private final char mark;
        private final String escape;

        Font(char mark, String escape) {
            this.mark = mark;
            this.escape = escape;
        }

        String of(String text) {
            return on() + text + off();
        }

        /** Replaces all marks in a text that is roff but for them. */
        static String toRoff(String marked) {
            String text = marked.replace(String.valueOf(END), "\\fR");
            for (Font font : values()) {
                text = text.replace(String.valueOf(font.mark), font.escape);
            }
            return text;
        }

        @Override
        public String on() {
            return String.valueOf(mark);
        }

        @Override
        public String off() {
            return String.valueOf(END);
        }
    }
}
