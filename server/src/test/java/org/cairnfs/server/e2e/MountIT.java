package org.cairnfs.server.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.e2e.MountedServer.run;
import static org.cairnfs.server.e2e.MountedServer.said;
import static org.cairnfs.server.e2e.MountedServer.start;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.cairnfs.core.testkit.Tools;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.cairnfs.server.testing.CairnProcess;
import org.cairnfs.server.testing.CairnProcess.Launcher;
import org.cairnfs.server.testing.CairnProcess.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program mounts a file system on this machine, and other programs use it as they use a local directory beside it: what they see, and what they are
 * refused, is the same.
 */
@Timeout(600)
class MountIT {
    @TempDir
    private Path home;

    private MountedServer mount;
    private Path mounted;
    private Path local;
    private Launcher cairn;

    @BeforeEach
    void mount() throws Exception {
        mount = new MountedServer(home);
        mounted = mount.mounted();
        local = mount.local();
        cairn = mount.cairn();
    }

    @AfterEach
    void end() throws Exception {
        if (mount != null) {
            mount.close();
        }
    }

    /** Runs a script in the mount and in a local directory, and wants the same of both. */
    private void same(String what, String script) throws Exception {
        String here = run(local, "bash", "-c", script);
        assertThat(run(mounted, "bash", "-c", script)).as(what).isEqualTo(here);
        assertThat(here).as(what).doesNotContain("fatal", "rror").endsWith("done\n");
    }

    @Test
    void programsWorkAsOnALocalFileSystem() throws Exception {
        Stream.of("git", "tar", "rsync", "sqlite3", "make", "cc", "setfattr")
                .forEach(program -> Tools.require(program, "see .ci/run"));
        same("a tree", """
            mkdir -p tree/sub tree/empty && for i in $(seq 60); do seq $i 100 >tree/sub/$i; done
            ln tree/sub/1 tree/hard; ln -s sub/2 tree/soft; mkfifo tree/fifo; truncate -s 5M tree/sparse
            setfattr -n user.colour -v blue tree/sub/3; chmod 4751 tree/sub/4; chown 1000:2000 tree/sub/5
            touch -d '2001-02-03 04:05:06.789012345' tree/sub/6; echo done\
            """);
        same("cp -a", "cp -a tree copy && diff -r --no-dereference -x fifo tree copy; " + listing("copy"));
        same("rsync -aHAX", "rsync -aHAX tree/ synced && rsync -aHAXin tree/ synced; " + listing("synced"));
        same("tar", "tar -cf tree.tar tree && mkdir out && tar -C out -xpf tree.tar; " + listing("out/tree"));
        same("git", """
            git init -q -b main repo && cd repo && cp -r ../tree/sub . && git add . && git -c user.name=a -c user.email=a@b commit -qm one
            git checkout -qb other && seq 9 >sub/9 && git -c user.name=a -c user.email=a@b commit -qam two && git checkout -q main
            git -c user.name=a -c user.email=a@b merge -q other && git gc -q && cd .. && git clone -q repo clone
            git -C clone fsck --strict 2>&1; git -C clone status --short; git -C clone log --format=%s; diff -r repo/sub clone/sub; echo done\
            """);
        for (String journal : new String[] {"wal", "delete", "truncate"}) {
            same(
                    "sqlite3 " + journal,
                    "sqlite3 " + journal + ".db \"pragma journal_mode=" + journal + "; create table t(a, b); with"
                            + " recursive c(x) as (select 1"
                            + " union all select x + 1 from c"
                            + " where x < 5000) insert into t"
                            + " select x, x * x from c; update t"
                            + " set b = 'z' where a % 7 = 0;"
                            + " delete from t where a % 11 = 0;"
                            + " vacuum; select count(*), sum(a)"
                            + " from t; pragma"
                            + " integrity_check;\";"
                            + " sqlite3 " + journal
                            + ".db 'select sum(b) from t'; echo done");
        }
        same("make", """
            mkdir make && cd make && echo 'int one(void) { return 1; }' >one.c && echo 'int one(void); int main(void) { return one() - 1; }' >main.c
            printf 'main: main.o one.o\\n\\tcc -o main main.o one.o\\n%%.o: %%.c\\n\\tcc -c $<\\n' >Makefile
            make && ./main && make && touch one.c && make; echo done\
            """);
    }

    /** A script that lists a tree with all that stat(2) tells and does not depend on when it was made, and its attributes. */
    private static String listing(String tree) {
        return "cd " + tree + " && find . \\( -type f -o -type d \\) -printf '%p %m %n %U %G %y\\n"
                + "' | sort; find . -type f -printf '%p %s\\n"
                + "' | sort; stat -c '%n %y' sub/6; getfattr -d sub/3; readlink soft; echo done";
    }

    @Test
    void nfsAndTheMountSeeEachOther() throws Exception {
        try (WireClient client = new WireClient(mount.server().port(), 1)) {
            Session41 session = client.session();
            Session41.OpenFile file = session.create("shared");
            session.write(file, 0, "by nfs".getBytes(UTF_8));
            assertThat(run(mounted, "cat", "shared")).isEqualTo("by nfs");
            Process reader = start(
                    mounted,
                    "bash",
                    "-c",
                    "exec 3<shared; until [ \"$(head -c 6 /proc/self/fd/3)\" = changed ]; do"
                            + " [ \"$(head -c 7 /proc/self/fd/3)\" = changed ] && break; sleep 0.1; done; echo seen");
            session.write(file, 0, "changed".getBytes(UTF_8));
            assertThat(said(reader)).isEqualTo("seen\n");
            run(mounted, "bash", "-c", "printf 'by fuse' >shared");
            assertThat(new String(session.read(file, 0, 100), UTF_8)).isEqualTo("by fuse");
            session.close(file);
        }
    }

    @Test
    void whatIsDoneInTheMountIsToldAsThatOverNfsIs() throws Exception {
        CairnProcess log = cairn.start(List.of("access-log", "--json"), "");
        try (log) {
            // Whether it reads yet is not known: some name is in it at last.
            for (int i = 0; i < 600 && !log.log().contains("FUSE_MKDIR"); i++) {
                Files.createDirectory(mounted.resolve("made " + i));
                Thread.sleep(100);
            }
            assertThat(log.log()).contains("\"version\":\"fuse\"", "\"operation\":\"FUSE_MKDIR\"", "made ", "pid=");
        }
        Process user = start(mounted, "sleep", "3600");
        JsonNode told = cairn.run("status", "--json").json().get("mount");
        assertThat(told.get("directory").asText()).isEqualTo(mounted.toString());
        assertThat(told.get("options").asText()).contains("allow_other", "default_permissions");
        assertThat(told.get("requests").asLong()).isPositive();
        user.destroyForcibly().waitFor();
        assertThat(cairn.run("status").out()).contains("mounted      on " + mounted);
    }

    @Test
    void unmountingUploadsEverythingAndNfsGoesOn() throws Exception {
        Files.writeString(mounted.resolve("file"), "text");
        Process user = start(mounted, "sleep", "600");
        Result busy = cairn.run("umount", mounted.toString());
        assertThat(busy.code()).as(busy.err()).isEqualTo(51);
        user.destroyForcibly().waitFor(60, TimeUnit.SECONDS);
        Result unmounted = cairn.run("umount", mounted.toString());
        assertThat(unmounted.code()).as(unmounted.err()).isZero();
        assertThat(mounted).isEmptyDirectory();
        assertThat(mount.server().isAlive()).isTrue();
        assertThat(cairn.run("umount", mounted.toString()).code()).isEqualTo(52);
        Result stopped = cairn.run("stop");
        assertThat(stopped.code()).as(stopped.err()).isZero();
    }

    @Test
    void aServerForAMountEndsWithIt() throws Exception {
        Result stopped = cairn.run("stop");
        assertThat(stopped.code()).as(stopped.err()).isZero();
        assertThat(mounted).isEmptyDirectory();
        mount.startForMount();
        Files.writeString(mounted.resolve("file"), "text");
        Result unmounted = cairn.run("umount", mounted.toString(), "--json");
        assertThat(unmounted.code()).as(unmounted.err()).isZero();
        assertThat(unmounted.json().get("uploaded").asBoolean()).isTrue();
        assertThat(mount.server().await(60).code()).as(mount.server().log()).isZero();
        assertThat(cairn.run("cat", mount.url(), "/file").out()).contains("text");
        mount.startForMount();
        run(home, "umount", "-i", mounted.toString());
        assertThat(mount.server().await(60).code()).as(mount.server().log()).isZero();
        assertThat(cairn.run("mount", mount.url(), home.resolve("store").toString())
                        .code())
                .isEqualTo(36);
    }
}
