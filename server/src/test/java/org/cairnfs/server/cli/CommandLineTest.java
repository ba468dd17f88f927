package org.cairnfs.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.testing.CairnProcess.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

/** The command line in this process: what ends before a server runs. */
class CommandLineTest {
    @TempDir
    private Path home;

    private CommandRig cairn;
    private Path key;
    private String url;

    @BeforeEach
    void prepare() throws Exception {
        cairn = new CommandRig(home);
        key = secret("key", "correct horse\n");
        url = "local://" + home.resolve("store");
    }

    private Path secret(String name, String content) throws Exception {
        Path file = Files.writeString(home.resolve(name), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Result cairn(String... arguments) {
        return cairn.run(arguments);
    }

    private Result serve(String... more) {
        String[] all = Arrays.copyOf(new String[] {"serve", url, "--passphrase-file", key.toString()}, 4 + more.length);
        System.arraycopy(more, 0, all, 4, more.length);
        return cairn(all);
    }

    private void mkfs() {
        assertThat(cairn("mkfs", url, "--passphrase-file", key.toString()).code())
                .isZero();
    }

    static void assertFails(Result result, ExitCode code, String... words) {
        // On a busy machine even short work shows how far it is, at a terminal.
        List<String> said = result.err()
                .lines()
                .filter(line -> !line.isEmpty() && !line.contains("% ["))
                .toList();
        assertThat(said).as("one line on stderr").hasSize(1);
        assertThat(said.get(0)).startsWith("cairn: ").contains(words).doesNotContain("Exception", "\tat ");
        assertThat(result.out()).isEmpty();
        assertThat(ExitCode.ofNumber(result.code())).isEqualTo(code);
    }

    @Test
    void wrongUsageIsOneLineThatHelps() {
        assertFails(cairn("serve", url, "--prot", "1"), ExitCode.USAGE, "mean --port?", "cairn serve --help");
        assertFails(cairn("serve", url, "--prot=1"), ExitCode.USAGE, "'--prot'", "mean --port?");
        assertFails(cairn("serve"), ExitCode.USAGE, "STORAGE-URL");
        assertFails(cairn("sevre"), ExitCode.USAGE, "unknown command 'sevre'", "mean serve?");
        assertFails(cairn("serve", url, "more"), ExitCode.USAGE, "'more'");
        assertFails(cairn("serve", url, "--port", "many"), ExitCode.USAGE, "--port", "many");
        assertFails(cairn("serve", "s4://bucket"), ExitCode.USAGE, "s4://");
        assertFails(cairn("mkfs", url, "--compress", "rar"), ExitCode.USAGE, "rar", "zstd");
        assertFails(cairn("mkfs", url, "--compress", "zstd-23"), ExitCode.USAGE, "zstd-1 to zstd-22");
        assertFails(cairn("mkfs", url, "--chunk-size", "300K"), ExitCode.USAGE, "power of two");
        assertFails(cairn("mkfs", url, "--label", "l".repeat(256)), ExitCode.USAGE, "label");
        assertFails(cairn("mkfs", url, "--plain", "--passphrase-file", key.toString()), ExitCode.USAGE, "--plain");
        assertFails(
                cairn("mkfs", url, "--passphrase-file", key.toString(), "--passphrase-command", "x"),
                ExitCode.USAGE,
                "mutually exclusive");
        assertThat(home.resolve("store")).doesNotExist();
    }

    @Test
    void aLinkIsWhatStatusPrints() {
        mkfs();
        assertFails(
                serve("--port=0", "--at-least", "abc"), ExitCode.USAGE, "'abc' is no link", "64 hexadecimal digits");
    }

    @Test
    void whoOnlyReadsTakesTheStorageFromNobody() {
        mkfs();
        assertFails(serve("--port=0", "--read-only", "--take-over"), ExitCode.USAGE, "--read-only", "--take-over");
    }

    @Test
    void whatIsMissingIsNamedWithTheNextStep() throws Exception {
        assertFails(cairn("serve", url), ExitCode.STORE_MISSING, "cairn mkfs " + url);
        Files.createDirectory(home.resolve("store"));
        assertFails(cairn("serve", url), ExitCode.NO_FILE_SYSTEM, "cairn mkfs " + url);
        mkfs();
        assertFails(cairn("mkfs", url, "--plain"), ExitCode.FILE_SYSTEM_EXISTS, "cairn serve " + url);
        assertFails(cairn("status"), ExitCode.NO_SERVER, "cairn up");
        assertFails(cairn("stop", "--state", "nowhere"), ExitCode.NO_SERVER, "nowhere");
    }

    @Test
    void errorsInFilesAreToldWithTheirPlace() throws Exception {
        mkfs();
        assertFails(serve("--exports", "none"), ExitCode.CONFIG, "no exports file none");
        Path exports = Files.writeString(home.resolve("exports"), "/ *(rw,bad)\n");
        assertFails(serve("--exports", exports.toString()), ExitCode.CONFIG, "exports:1:8:", "'bad'");
        Path config = Files.writeString(home.resolve("conf"), "# x\ndisk-cash = 1G\n");
        assertFails(serve("--config", config.toString()), ExitCode.CONFIG, "conf:2:", "disk-cache");
    }

    @Test
    void placesThatCannotBeUsedAreNamed() throws Exception {
        mkfs();
        assertFails(serve("--listen", "192.0.2.1", "--port=0"), ExitCode.USAGE, "192.0.2.1");
        assertFails(serve("--port", "65536"), ExitCode.USAGE, "65536");
        Path file = Files.writeString(home.resolve("file"), "");
        assertFails(serve("--state", file + "/state", "--port=0"), ExitCode.STATE_UNUSABLE, file.toString());
        Path foreign = Files.createDirectory(home.resolve("foreign"));
        Files.writeString(foreign.resolve("something"), "");
        Files.setPosixFilePermissions(foreign, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertFails(serve("--state", foreign.toString()), ExitCode.STATE_UNUSABLE, "chmod 700");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            assertFails(serve("--port", port), ExitCode.PORT_IN_USE, port, "--port");
            assertFails(serve("--port=0", "--metrics-port", port), ExitCode.PORT_IN_USE, port, "--metrics-port");
        }
        assertThat(home.resolve("state")).isDirectoryRecursivelyContaining(path -> path.endsWith("lock"));
    }

    @Test
    void secretsComeFromPromptFileOrCommand() throws Exception {
        assertFails(cairn("mkfs", url), ExitCode.SECRET_MISSING, "no terminal", "--passphrase-file");
        cairn.type("one", "two");
        assertFails(cairn("mkfs", url), ExitCode.SECRET_MISSING, "differ");
        cairn.type("correct horse", "correct horse");
        Result made = cairn("mkfs", url);
        assertThat(made.out()).contains("RECOVERY-KEY-OF-FAKE").doesNotContain("horse");
        cairn.type("wrong horse");
        assertFails(cairn("serve", url, "--port=0"), ExitCode.WRONG_PASSPHRASE, "wrong passphrase");
        cairn.type("");
        assertFails(cairn("serve", url, "--port=0"), ExitCode.SECRET_MISSING, "no passphrase");
        assertFails(
                cairn("serve", url, "--port=0", "--passphrase-command", "echo wrong"),
                ExitCode.WRONG_PASSPHRASE,
                "wrong passphrase");
        assertFails(
                cairn("serve", url, "--passphrase-command", "echo secret; exit 3"), ExitCode.SECRET_FILE, "status 3");
        assertFails(cairn("serve", url, "--passphrase-command", "true"), ExitCode.SECRET_FILE, "gives nothing");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertFails(serve(), ExitCode.SECRET_FILE, "chmod 600");
    }

    @Test
    void aPlainFileSystemAsksForNothing() {
        assertThat(cairn("mkfs", url, "--plain", "--json").out())
                .contains("\"recoveryKey\" : null", "\"storage\" : \"" + url + "\"");
    }

    @Test
    void debugShowsTheTrace() {
        assertThat(cairn("serve", url, "--debug").err()).contains("cairn: there is no " + url, "\tat org.cairnfs.");
    }

    @Test
    void upLeavesNoKeyFileOfAFileSystemThatWasNotMade() throws Exception {
        Path file = Files.writeString(home.resolve("file"), "");
        Result failed = cairn("up", file + "/store", "--port=0");
        assertFails(failed, ExitCode.STATE_UNUSABLE, file.toString());
        assertThat(home.resolve("config/keys")).isEmptyDirectory();
    }

    @Test
    void everyCommandAndOptionIsExplained() {
        CommandLine all = CairnCommand.commandLine(cairn.silent());
        for (CommandLine command : CommandTree.below(all).values()) {
            assertThat(command.getCommandSpec().usageMessage().description())
                    .as(command.getCommandName())
                    .isNotEmpty();
            for (ArgSpec argument : command.getCommandSpec().args()) {
                assertThat(argument.hidden() || argument.description().length > 0)
                        .as(command.getCommandName() + " " + argument)
                        .isTrue();
            }
            String help = command.getUsageMessage();
            assertThat(help.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
        }
    }

    @Test
    void suggestionsAreNear() {
        assertThat(Suggestions.mistakes("stauts", "status")).isEqualTo(1);
        assertThat(Suggestions.mistakes("", "abc")).isEqualTo(3);
        assertThat(Suggestions.nearest("stp", List.of("stop", "stat"))).contains("stop");
        assertThat(Suggestions.nearest("mount", List.of("stop", "stat"))).isEmpty();
    }
}
