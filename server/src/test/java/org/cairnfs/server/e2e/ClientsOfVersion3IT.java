package org.cairnfs.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.testkit.Tools;
import org.cairnfs.server.testing.Captured;
import org.cairnfs.server.testing.NfsClient;
import org.cairnfs.server.testing.NfsClient.Result;
import org.cairnfs.server.testing.NfsClient.Running;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** NFSv3 and MOUNT with clients that no one here wrote: Linux' and libnfs, which speaks 4.0 as well. */
class ClientsOfVersion3IT {
    @RegisterExtension
    final RealServer server = new RealServer();

    @BeforeEach
    void start() throws Exception {
        server.start();
    }

    @Test
    void linuxWorksOnATree() throws Exception {
        NfsClient.require();
        Result result = server.client().version("3").run("""
                set -eu
                mkdir tree
                cp -a /etc/apt /etc/ssl tree/
                echo 3 >/proc/sys/vm/drop_caches
                diff -r --no-dereference /etc/apt tree/apt
                diff -r --no-dereference /etc/ssl tree/ssl
                dd if=/dev/urandom of=/tmp/random bs=1M count=20 status=none
                cp /tmp/random big; echo 3 >/proc/sys/vm/drop_caches; cmp /tmp/random big
                truncate -s 5 big; test $(stat -c %s big) = 5
                ln big hard; test $(stat -c %h big) = 2
                ln -s to/nowhere soft; test $(readlink soft) = to/nowhere
                mkfifo pipe; test -p pipe; mknod null c 1 3; test -c null; echo x >null
                (set -C; echo once >exclusive); ! (set -C; echo twice >exclusive) 2>/dev/null
                test $(cat exclusive) = once
                mkdir many; (cd many; seq 5000 | xargs touch); test $(ls many | wc -l) = 5000
                ls -a many | head -2 | xargs echo
                rm -rf tree many
                ls
                """);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out().lines()).containsExactly(". ..", "big", "exclusive", "hard", "null", "pipe", "soft");
    }

    @Test
    void linuxGoesOnAfterTheServerWasKilled() throws Exception {
        NfsClient.require();
        try (Running client = server.client()
                .version("3")
                .with("--opts", "timeo=20,retrans=1")
                .timeout(600)
                .start("""
                        set -eu
                        mkdir d; exec 3>d/open; echo before >&3
                        echo begun
                        for i in $(seq 150); do echo $i >d/$i; mv d/$i d/done$i; done
                        while ! test -e /mnt/host/again; do echo more >&3; sleep 0.2; done
                        echo after >&3; exec 3>&-
                        test $(ls d | wc -l) = 151
                        for i in $(seq 150); do test $(cat d/done$i) = $i; done
                        head -1 d/open; tail -1 d/open
                        """)) {
            assertThat(client.out().awaitLine(line -> line.equals("begun"), 120))
                    .isPresent();
            server.kill9();
            server.startAgain();
            Files.createFile(server.share().resolve("again"));
            Result result = client.await();
            assertThat(result.err()).isEmpty();
            assertThat(result.status()).isZero();
            assertThat(result.out().lines()).containsExactly("begun", "before", "after");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void libnfsCopiesAndLists(int version) throws Exception {
        for (String program : List.of("nfs-ls", "nfs-cp", "nfs-cat")) {
            Tools.require(program, "package libnfs-utils");
        }
        byte[] bytes = new byte[3_000_001];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(server.path("random"), bytes);
        String ports = "&nfsport=" + server.port() + "&mountport=" + server.port();
        String options = "?version=" + version + ports;
        // Two slashes: the export, and the file in it.
        String url = "nfs://127.0.0.1//";
        // By version 3, as libnfs 4.0.0 has no room for a WRITE of 4.0 with more than 3840 bytes.
        run("nfs-cp", file.toString(), url + "copy?version=3" + ports);
        assertThat(run("nfs-ls", url + options)).contains("3000001 copy");
        Path back = server.path("back");
        run("nfs-cp", url + "copy" + options, back.toString());
        assertThat(Files.mismatch(file, back)).isEqualTo(-1);
        Path small = Files.writeString(server.path("small"), "hello\n");
        run("nfs-cp", small.toString(), url + "small" + options);
        assertThat(run("nfs-cat", url + "small" + options)).isEqualTo("hello\n");
    }

    /** What a program prints, which must succeed. */
    private static String run(String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of(command));
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            Captured out = new Captured(process.getInputStream(), command[0]);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            String text = out.all();
            assertThat(process.exitValue()).as(text).isZero();
            return text;
        } finally {
            process.destroyForcibly();
        }
    }
}
