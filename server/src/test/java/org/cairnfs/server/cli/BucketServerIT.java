package org.cairnfs.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.testkit.S3Server;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.testing.CairnProcess;
import org.cairnfs.server.testing.CairnProcess.Launcher;
import org.cairnfs.server.testing.CairnProcess.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as it is shipped, over a bucket that speaks S3. */
class BucketServerIT {
    private static final String[] ANY_PORTS = {"--port", "0", "--metrics-port=0"};

    @TempDir
    private Path home;

    private S3Server s3;
    private Launcher cairn;
    private String url;
    private Path key;
    private Path login;

    @BeforeEach
    void prepare() throws Exception {
        s3 = S3Server.start();
        cairn = Launcher.of(home, Main.class.getName());
        url = s3.url("bucket/some/prefix").toString();
        key = secret("key", "correct horse");
        login = secret(
                "credentials",
                "[s3]\nstorage-url = s3c://127.0.0.1:" + s3.port() + "\nlogin = " + S3Server.CREDENTIALS.login()
                        + "\npassword = " + S3Server.CREDENTIALS.password());
    }

    @AfterEach
    void stop() throws Exception {
        s3.close();
    }

    private Path secret(String name, String text) throws Exception {
        Path file = Files.writeString(home.resolve(name), text + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Result mkfs(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("mkfs", url, "--passphrase-file", key.toString()));
        arguments.addAll(List.of(more));
        return cairn.run(arguments.toArray(new String[0]));
    }

    private CairnProcess serve(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("serve", url, "--passphrase-file", key.toString()));
        arguments.addAll(List.of(ANY_PORTS));
        arguments.addAll(List.of(more));
        return cairn.serve(arguments.toArray(new String[0]));
    }

    @Test
    void aBucketIsMadeServedAndServedAgainOnAnotherMachine() throws Exception {
        String file = login.toString();
        Result made = mkfs("--credentials-file", file);
        assertThat(made.code()).as(made.err()).isZero();
        try (CairnProcess server = serve("--credentials-file", file)) {
            assertThat(cairn.run("status").out()).contains(url, "encrypted");
            assertThat(cairn.run("flush").code()).isZero();
            assertThat(cairn.run("stop").code()).isZero();
            assertThat(server.await(60).code()).isZero();
        }
        Path other = home.resolve("other-state");
        try (CairnProcess server = serve("--credentials-command", "cat '" + file + "'", "--state", other.toString())) {
            assertThat(server.terminate().code()).isZero();
        }
    }

    @Test
    void aFileSystemIsCopiedToAFolderAndServedThere() throws Exception {
        String file = login.toString();
        assertThat(mkfs("--credentials-file", file).code()).isZero();
        String copy = "local://" + home.resolve("copy");
        Result copied = cairn.run("copy-store", url, copy, "--credentials-file", file, "--json");
        assertThat(copied.code()).as(copied.err()).isZero();
        assertThat(copied.json().path("objects").asInt()).isPositive();
        Result again = cairn.run("copy-store", url, copy, "--credentials-file", file, "--json");
        assertThat(again.json().path("skipped").asInt()).isPositive();
        url = copy;
        try (CairnProcess server = serve()) {
            assertThat(server.terminate().code()).isZero();
        }
    }

    @Test
    void mistakesWithCredentialsAreOneLine() throws Exception {
        Result none = mkfs();
        assertThat(none.code()).isEqualTo(ExitCode.STORE_CREDENTIALS.number());
        assertThat(none.err().lines()).hasSize(1);
        assertThat(none.err()).contains("--credentials-file", "AWS_ACCESS_KEY_ID");
        Result wrong = mkfs(
                "--credentials-file",
                secret("wrong", "login = a\npassword = geheim").toString());
        assertThat(wrong.code()).isEqualTo(ExitCode.STORE_CREDENTIALS.number());
        assertThat(wrong.err()).contains("does not accept the credentials").doesNotContain("geheim", "Exception");
        Files.setPosixFilePermissions(login, PosixFilePermissions.fromString("rw-r--r--"));
        Result open = mkfs("--credentials-file", login.toString());
        assertThat(open.code()).isEqualTo(ExitCode.STORE_CREDENTIALS.number());
        assertThat(open.err()).contains("chmod 600");
    }
}
