package org.cairnfs.fuse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ConcurrentHashMultiset;
import com.google.common.collect.Multiset;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.core.testkit.Tools;
import org.cairnfs.fuse.MountException.Reason;
import org.cairnfs.fuse.call.RequestWatch;
import org.cairnfs.fuse.testing.MemoryVolume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A mount by the kernel, used by programs: the file system is in memory. */
@Timeout(120)
class FuseMountTest {
    @TempDir
    private Path home;

    private final MemoryVolume volume = new MemoryVolume();
    private final Shell other = volume.shell();
    private final Multiset<String> requests = ConcurrentHashMultiset.create();
    private Path directory;
    private FuseMount mount;

    @BeforeEach
    void mount() throws Exception {
        Tools.requireRoot();
        Tools.requireThat(Files.exists(Path.of("/dev/fuse")), "needs /dev/fuse");
        Tools.require("fusermount", "package fuse3");
        directory = Files.createDirectory(home.resolve("mnt"));
        mount = FuseMount.start(volume.shared(), options(), new Counter(), failure -> {
            throw new AssertionError(failure);
        });
    }

    @AfterEach
    void unmount() throws Exception {
        if (mount != null) {
            mount.abandon();
        }
        volume.close();
    }

    private final class Counter implements RequestWatch {
        @Override
        public void ended(String name, int errno, long nanos) {
            requests.add(name);
        }
    }

    private int count(String request) {
        return requests.count(request);
    }

    private MountOptions options() {
        return MountOptions.of(directory, "test")
                .withAllowOther(true)
                .withTimeouts(Duration.ofMillis(200), Duration.ofMillis(200));
    }

    private Process start(String script) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder("sh", "-c", script).directory(home.toFile()).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        return builder.start();
    }

    /** What a script says that runs beside the mount, which is in {@code mnt}. */
    private String run(String script) throws Exception {
        Process process = start(script);
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return said.strip();
    }

    @Test
    void programsFindTheFileSystem() throws Exception {
        other.touch("/theirs", 0644);
        other.write("/theirs", 0, "hello");
        assertThat(run("cat mnt/theirs")).isEqualTo("hello");
        assertThat(run("mkdir mnt/d && echo new > mnt/d/f && ln mnt/d/f mnt/g && ln -s d mnt/l && stat -c"
                        + " %h:%i mnt/l/f"))
                .isEqualTo("2:" + other.stat("/g").fileId());
        assertThat(other.read("/d/f")).isEqualTo("new\n");
        assertThat(run("ls -a mnt")).isEqualTo(".\n..\nd\ng\nl\ntheirs");
        assertThat(run("mv mnt/d mnt/e && rm mnt/e/f mnt/g mnt/l && rmdir mnt/e && ls mnt"))
                .isEqualTo("theirs");
        assertThat(run("cat mnt/none")).contains("No such file or directory");
        assertThat(mount.openFiles()).isZero();
    }

    @Test
    void smallFilesThatWereJustWrittenAreReadWithoutAskingForTheirContents() throws Exception {
        run("mkdir src mnt/d; for i in $(seq 50); do seq $((i * 40)) > src/$i; done; cp -a src mnt/d/a");
        while (count("FUSE_RELEASE") < 50) {
            Thread.sleep(1); // The kernel tells of the last close when it likes.
        }
        assertThat(run("diff -r src mnt/d/a && echo same")).isEqualTo("same");
        assertThat(count("FUSE_OPEN")).isEqualTo(50);
        assertThat(count("FUSE_READ")).isZero();
        other.write("/d/a/7", 0, "other");
        assertThat(run("head -c 5 mnt/d/a/7")).isEqualTo("other");
        assertThat(count("FUSE_READ")).isEqualTo(1);
    }

    @Test
    void whatIsGivenToTheKernelIsWhatIsInTheFileWhileOthersChangeIt() throws Exception {
        // Writers, truncations and readers of few files at once: whoever reads after all of it sees what the file
        // system has.
        run(
                "for p in 1 2 3 4; do ( for i in $(seq 150); do f=mnt/f$((i % 5)); case $(((i + p) % 4)) in 0) seq $i > $f;; 1) cat"
                        + " $f > /dev/null 2>&1;; 2) truncate -s $((i * 7)) $f;; *) seq $p >> $f;; esac; done ) & done; wait");
        for (int i = 0; i < 5; i++) {
            assertThat(run("cat mnt/f" + i)).isEqualTo(other.read("/f" + i).strip());
        }
    }

    @Test
    void largeRequestsGoThroughWhole() throws Exception {
        assertThat(run("head -c 5000000 /dev/urandom > one && cp one mnt/one && cmp one mnt/one && truncate -s"
                        + " 4999999 mnt/one && cmp one mnt/one; stat -c %s mnt/one"))
                .contains("EOF on mnt/one")
                .endsWith("4999999");
    }

    @Test
    void anOpenFileWithoutANameIsWhole() throws Exception {
        assertThat(run("exec 3<>mnt/f; echo text >&3; rm mnt/f; ls mnt; cat /proc/self/fd/3; stat -L -c %h"
                        + " /proc/self/fd/3"))
                .isEqualTo("text\n0");
    }

    @Test
    void otherUsersHaveTheirOwnRights() throws Exception {
        Tools.require("setpriv", "package util-linux");
        String as = "setpriv --reuid 1000 --regid 1000 --groups 2000 ";
        other.mkdir("/d", 0770);
        other.chown("/d", 0, 2000);
        assertThat(run("chmod 711 . && " + as + "touch mnt/d/f && stat -c %u:%g mnt/d/f; " + as + "touch mnt/f"))
                .startsWith("1000:1000")
                .contains("Permission denied");
    }

    @Test
    void changesByOthersAreSeenInTime() throws Exception {
        other.touch("/f", 0644);
        other.write("/f", 0, "one");
        Process reader = start("exec 3<mnt/f; head -c 3 /proc/self/fd/3; echo; read go; head -c 3 mnt/f; echo; "
                + "while [ \"$(head -c 3 /proc/self/fd/3)\" = one ]; do sleep 0.05; done; echo seen");
        try (BufferedReader said = reader.inputReader(UTF_8)) {
            assertThat(said.readLine()).isEqualTo("one");
            other.write("/f", 0, "two");
            reader.getOutputStream().write('\n');
            reader.getOutputStream().flush();
            assertThat(said.readLine()).isEqualTo("two");
            assertThat(said.readLine()).isEqualTo("seen");
        }
    }

    @Test
    void locksKeepProcessesApartAndWaitersWakeUp() throws Exception {
        Tools.require("flock", "package util-linux");
        other.touch("/f", 0644);
        Process holder = start("exec 9<mnt/f; flock 9; echo held; read go");
        try (BufferedReader said = holder.inputReader(UTF_8)) {
            assertThat(said.readLine()).isEqualTo("held");
            assertThat(run("flock -n mnt/f true || echo refused")).isEqualTo("refused");
            assertThat(run("flock -w 1 mnt/f true || echo interrupted")).isEqualTo("interrupted");
            Process waiter = start("flock mnt/f echo mine");
            holder.getOutputStream().write('\n');
            holder.getOutputStream().flush();
            assertThat(waiter.inputReader(UTF_8).readLine()).isEqualTo("mine");
        }
    }

    @Test
    void whatIsInUseIsNotUnmounted() throws Exception {
        Process user = start("cd mnt; echo there; read go");
        try (BufferedReader said = user.inputReader(UTF_8)) {
            assertThat(said.readLine()).isEqualTo("there");
            assertThat(catchThrowableOfType(MountException.class, mount::unmount)
                            .reason())
                    .isEqualTo(Reason.BUSY);
            assertThat(run("ls -d mnt")).isEqualTo("mnt");
            assertThat(mount.ended()).isNotDone();
            user.getOutputStream().close();
        }
        user.waitFor();
        mount.unmount();
        assertThat(mount.ended()).isDone();
        assertThat(catchThrowableOfType(MountException.class, () -> Unmounting.unmount(directory, false))
                        .reason())
                .isEqualTo(Reason.NOT_MOUNTED);
    }

    @Test
    void endsWhenSomebodyUnmountsTheDirectory() throws Exception {
        run("umount -i mnt");
        mount.ended().get(60, TimeUnit.SECONDS);
        assertThat(volume.shared().shares().total()).isZero();
    }

    @Test
    void mountsOnAnEmptyDirectoryOnly() throws Exception {
        Path full = Files.createDirectory(home.resolve("full"));
        Files.createFile(full.resolve("file"));
        for (Path wrong : new Path[] {full, full.resolve("file"), home.resolve("none")}) {
            MountOptions options = MountOptions.of(wrong, "test");
            assertThat(catchThrowableOfType(
                                    MountException.class,
                                    () -> FuseMount.start(volume.shared(), options, RequestWatch.NONE, failure -> {}))
                            .reason())
                    .isEqualTo(Reason.BAD_DIRECTORY);
        }
    }
}
