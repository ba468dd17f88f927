package org.cairnfs.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.stream.Stream;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.testing.CairnProcess.Launcher;
import org.cairnfs.server.testing.CairnProcess.Result;
import org.cairnfs.server.testing.NfsClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/cairn} in a source tree of its own, with a Java that prints its arguments and a Maven that makes a jar. */
class LauncherTest {
    @TempDir
    private Path home;

    private Path tree;
    private Path jdk;

    @BeforeEach
    void plant() throws Exception {
        tree = Files.createDirectories(home.resolve("a tree"));
        for (String directory : new String[] {"scripts", "core/src/main", "fuse-adapter/src/main", "server/src/main"}) {
            Files.createDirectories(tree.resolve(directory));
        }
        for (String file : new String[] {
            "pom.xml", "core/pom.xml", "fuse-adapter/pom.xml", "server/pom.xml", "server/src/main/A.java"
        }) {
            Files.writeString(tree.resolve(file), "");
            age(tree.resolve(file));
        }
        Files.copy(NfsClient.repository().resolve("scripts/cairn"), tree.resolve("scripts/cairn"));
        executable(tree.resolve("scripts/cairn"), Files.readString(tree.resolve("scripts/cairn")));
        executable(
                tree.resolve("mvnw"),
                "#!/bin/sh\n"
                        + "echo \"$@\" >mvnw.arguments\n"
                        + "mkdir -p server/target/lib\n"
                        + ": >server/target/cairn-server-1.jar\n");
        jdk = jdk("21.0.1");
    }

    private Path jdk(String version) throws Exception {
        Path directory = Files.createDirectories(home.resolve("jdk-" + version).resolve("bin"));
        executable(directory.resolve("java"), "#!/bin/sh\nfor word; do echo \"$word\"; done\n");
        executable(directory.resolve("javac"), "#!/bin/sh\n");
        Files.writeString(directory.resolveSibling("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return directory.getParent();
    }

    private static void executable(Path file, String content) throws Exception {
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void age(Path file) throws Exception {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
    }

    private Launcher cairn(Path javaHome) {
        return Launcher.ofProgram(home, tree.resolve("scripts/cairn")).with("JAVA_HOME", javaHome.toString());
    }

    private Result run(String... arguments) throws Exception {
        return cairn(jdk).run(arguments);
    }

    @Test
    void buildsOnceAndAgainWhenASourceIsNewer() throws Exception {
        Result first = run("version");
        assertThat(first.code()).isZero();
        assertThat(first.err())
                .isEqualTo("cairn: building, as it was not built yet (takes a minute or two the first time)\n");
        assertThat(Files.readString(tree.resolve("mvnw.arguments"))).contains("-pl core,server", "package");
        assertThat(run("version").err()).isEmpty();
        Path source = tree.resolve("server/src/main/A.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(run("version").err()).contains("building, as server/src/main/A.java is newer than the build");
        assertThat(cairn(jdk).with("CAIRN_NO_BUILD", "1").run("version").err()).isEmpty();
        try (Stream<Path> left = Files.list(tree.resolve("server/target"))) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("lib", "cairn-server-1.jar", "cairn-built", "cairn-build.log");
        }
    }

    @Test
    void givesArgumentsAndOptionsOn() throws Exception {
        run("version");
        Result serve = cairn(jdk)
                .with("CAIRN_HEAP", "512m")
                .with("CAIRN_JAVA_OPTS", "-Xss1m -Da=b")
                .run("serve", "a b", "--state", "$x *", "");
        Path real = tree.toRealPath();
        assertThat(serve.out().lines())
                .containsExactly(
                        "-Xmx512m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Xss1m",
                        "-Da=b",
                        "-cp",
                        real + "/server/target/cairn-server-1.jar:" + real + "/server/target/lib/*",
                        Main.class.getName(),
                        "serve",
                        "a b",
                        "--state",
                        "$x *",
                        "");
        assertThat(cairn(jdk).with("CAIRN_HEAP", "2g").run("restore", "/").out())
                .as("commands that read a whole file system themselves")
                .contains("-Xmx2g")
                .doesNotContain("TieredStopAtLevel");
        assertThat(cairn(jdk("25")).run("status").out())
                .contains("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Xmx256m");
    }

    @Test
    void worksThroughLinksFromAnywhere() throws Exception {
        Path bin = Files.createDirectory(home.resolve("bin"));
        Path absolute = Files.createSymbolicLink(bin.resolve("one"), tree.resolve("scripts/cairn"));
        Path relative = Files.createSymbolicLink(bin.resolve("cairn"), absolute.getFileName());
        Result result = Launcher.ofProgram(home, relative)
                .with("JAVA_HOME", jdk.toString())
                .run("version");
        assertThat(result.code()).isZero();
        assertThat(result.out()).endsWith("\nversion\n");
    }

    @Test
    void saysWhichJavaIsMissing() throws Exception {
        assertFails(
                cairn(home.resolve("nowhere")).run("up"), ExitCode.NO_JDK, "JAVA_HOME is " + home.resolve("nowhere"));
        assertFails(cairn(jdk("11.0.2")).run("up"), ExitCode.NO_JDK, "is Java 11, but Cairn needs 17");
        Files.delete(jdk.resolve("bin/javac"));
        Result jre = run("up");
        assertFails(jre, ExitCode.NO_JDK, "has no javac", "install one: ");
        assertThat(tree.resolve("mvnw.arguments")).doesNotExist();
        assertThat(tree.resolve("server/target/cairn-build.lock")).doesNotExist();
    }

    private static void assertFails(Result result, ExitCode code, String... words) {
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err()).startsWith("cairn: ").contains(words);
        assertThat(result.code()).isEqualTo(code.number());
    }

    @Test
    void aBuildThatFailsIsTold() throws Exception {
        executable(tree.resolve("mvnw"), "#!/bin/sh\necho '[ERROR] it is broken'\nexit 1\n");
        Result failed = run("up");
        assertThat(failed.code()).isEqualTo(ExitCode.BUILD_FAILED.number());
        assertThat(failed.err()).contains("[ERROR] it is broken", "cairn-build.log");
        assertThat(run("up").err()).contains("building, as it was not built yet");
        assertThat(cairn(jdk).with("CAIRN_NO_BUILD", "1").run("up").code()).isEqualTo(ExitCode.BUILD_FAILED.number());
    }

    /** What the lock of a killed build names is no process any more. */
    @Test
    void theLockOfADeadBuildIsTakenOver() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Path lock = Files.createDirectories(tree.resolve("server/target/cairn-build.lock"));
        Files.writeString(lock.resolve("pid"), dead.pid() + "\n");
        assertThat(run("version").code()).isZero();
        assertThat(lock).doesNotExist();
    }
}
