package org.cairnfs.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.testing.CairnProcess;
import org.cairnfs.server.testing.CairnProcess.Launcher;
import org.cairnfs.server.testing.CairnProcess.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as it is shipped, over a real file system in a local folder: its life cycle and its ordinary failures. */
class RealServerIT {
    @TempDir
    private Path home;

    private Launcher cairn;
    private String url;
    private Path key;

    @BeforeEach
    void prepare() throws Exception {
        cairn = Launcher.of(home, Main.class.getName());
        url = "local://" + home.resolve("store");
        key = secret("key", "correct horse");
    }

    private Path secret(String name, String text) throws Exception {
        Path file = Files.writeString(home.resolve(name), text + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private String[] serve(Path secret, String... more) {
        List<String> arguments = new ArrayList<>(List.of("serve", url, "--port", "0", "--metrics-port=0"));
        arguments.addAll(List.of("--passphrase-file", secret.toString()));
        arguments.addAll(Arrays.asList(more));
        return arguments.toArray(new String[0]);
    }

    private String mkfs() throws Exception {
        Result made = cairn.run("mkfs", url, "--json", "--passphrase-file", key.toString());
        assertThat(made.code()).as(made.err()).isZero();
        return made.json().path("recoveryKey").asText();
    }

    private static void assertFails(Result result, ExitCode code, String... words) {
        assertThat(result.err().lines().toList()).as("one line on stderr").hasSize(1);
        assertThat(result.err()).startsWith("cairn: ").contains(words).doesNotContain("Exception", "\tat ");
        assertThat(ExitCode.ofNumber(result.code())).as(result.err()).isEqualTo(code);
    }

    @Test
    void upFromNothingAndAgain() throws Exception {
        try (CairnProcess first = cairn.serve("up", "--port", "0", "--metrics-port=0")) {
            assertThat(first.log())
                    .contains("\"recoveryKey\":\"", "\"keyFile\":\"" + home.resolve(".config/cairn/keys"));
            assertThat(cairn.run("status").out()).contains("encrypted, zstd-3", "incarnation 1");
            assertThat(cairn.run("stat").out()).contains("Inodes:               1");
            assertThat(cairn.run("flush").code()).isZero();
            assertThat(cairn.run("gc", "--dry-run", "--drop-restore-points").out())
                    .contains("To be deleted checkpoints:", "Restore points:             1");
            assertThat(cairn.run("gc", "--json").json().path("restorePoints").asInt())
                    .isZero();
            assertThat(cairn.run("stop").code()).isZero();
            assertThat(first.await(60).code()).isZero();
        }
        try (CairnProcess second = cairn.serve("up", "--port", "0", "--metrics-port=0")) {
            assertThat(second.log()).doesNotContain("recoveryKey");
            second.kill9();
            try (CairnProcess third = second.restart()) {
                assertThat(cairn.run("status", "--json")
                                .json()
                                .path("volume")
                                .path("incarnation")
                                .asInt())
                        .isEqualTo(3);
                assertThat(third.terminate().code()).isZero();
            }
        }
    }

    @Test
    void theRecoveryKeyStandsInForThePassphraseAndNothingElseDoes() throws Exception {
        String recoveryKey = mkfs();
        try (CairnProcess server = cairn.serve(serve(secret("recovery", recoveryKey)))) {
            assertThat(server.terminate().code()).isZero();
        }
        String altered = recoveryKey.substring(1) + recoveryKey.charAt(0);
        assertFails(cairn.run(serve(secret("altered", altered))), ExitCode.WRONG_PASSPHRASE, "passphrase");
        assertFails(cairn.run(serve(secret("wrong", "wrong"))), ExitCode.WRONG_PASSPHRASE, "passphrase");
        assertFails(cairn.run("mkfs", url, "--plain"), ExitCode.FILE_SYSTEM_EXISTS, url);
        try (CairnProcess server = cairn.serve(serve(key))) {
            assertThat(server.isAlive()).isTrue();
        }
    }

    @Test
    void aSecondServerIsRefusedOnTheSameStateAndOnTheSameStorage() throws Exception {
        mkfs();
        try (CairnProcess server = cairn.serve(serve(key))) {
            assertFails(cairn.run(serve(key)), ExitCode.STATE_IN_USE, "process " + server.pid());
            Path other = home.resolve("other-state");
            assertFails(cairn.run(serve(key, "--state", other.toString())), ExitCode.BUCKET_IN_USE, "since");
            assertThat(cairn.run("status").code()).isZero();
        }
    }

    @Test
    void aDeadServersStorageIsTakenOverWhenSomeoneSaysSo() throws Exception {
        mkfs();
        try (CairnProcess first = cairn.serve(serve(key))) {
            first.kill9();
        }
        String other = home.resolve("other-state").toString();
        assertFails(cairn.run(serve(key, "--state", other)), ExitCode.BUCKET_IN_USE, "since", "--take-over");
        Result ready = cairn.run(serve(key, "--state", other, "--take-over", "--daemon"));
        assertThat(ready.code()).as(ready.err()).isZero();
        assertThat(cairn.run("stop").code()).isZero();
        try (CairnProcess first = cairn.serve(serve(key))) {
            assertThat(first.terminate().code()).isZero();
        }
    }

    @Test
    void damageIsNamed() throws Exception {
        mkfs();
        Path format = home.resolve("store/format");
        byte[] bytes = Files.readAllBytes(format);
        bytes[bytes.length / 2] ^= 1;
        Files.write(format, bytes);
        assertFails(cairn.run(serve(key)), ExitCode.DAMAGED, "format");
        bytes[bytes.length / 2] ^= 1;
        Files.write(format, bytes);
        try (CairnProcess server = cairn.serve(serve(key))) {
            assertThat(server.isAlive()).isTrue();
        }
    }

    @Test
    void theDaemonIsTheSame() throws Exception {
        mkfs();
        Result ready = cairn.run(serve(key, "--daemon", "--listen", "0.0.0.0"));
        assertThat(ready.code()).as(ready.err()).isZero();
        assertThat(ready.err())
                .isEqualTo("cairn: listening on 0.0.0.0, but without --exports only this machine may mount\n");
        Matcher pid = Pattern.compile("ready \\(process (\\d+)\\)").matcher(ready.out());
        assertThat(pid.find()).isTrue();
        ProcessHandle daemon = ProcessHandle.of(Long.parseLong(pid.group(1))).orElseThrow();
        try {
            assertThat(cairn.run("stop").code()).isZero();
            assertThat(daemon.isAlive()).isFalse();
        } finally {
            daemon.destroyForcibly();
        }
        assertFails(cairn.run(serve(secret("wrong", "wrong"), "--daemon")), ExitCode.WRONG_PASSPHRASE, "passphrase");
    }
}
