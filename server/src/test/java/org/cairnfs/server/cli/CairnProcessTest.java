package org.cairnfs.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.systemd.FakeSystemd;
import org.cairnfs.server.testing.CairnProcess;
import org.cairnfs.server.testing.CairnProcess.Launcher;
import org.cairnfs.server.testing.CairnProcess.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line as users have it: real processes, real sockets, real signals. */
class CairnProcessTest {
    @TempDir
    private Path home;

    private Launcher cairn;
    private Path key;
    private String url;

    @BeforeEach
    void prepare() throws Exception {
        cairn = Launcher.of(home, FakeMain.class.getName());
        key = home.resolve("key");
        Files.writeString(key, "correct horse\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        url = "local://" + home.resolve("store");
    }

    private void mkfs() throws Exception {
        assertThat(cairn.run("mkfs", url, "--passphrase-file", key.toString()))
                .satisfies(result -> assertThat(result.err()).isEmpty())
                .extracting(Result::code)
                .isEqualTo(0);
    }

    private CairnProcess serve(Launcher launcher, String... more) throws Exception {
        String[] all = new String[7 + more.length];
        System.arraycopy(
                new String[] {"serve", url, "--passphrase-file", key.toString(), "--port", "0", "--metrics-port=0"},
                0,
                all,
                0,
                7);
        System.arraycopy(more, 0, all, 7, more.length);
        return launcher.serve(all);
    }

    private static void assertFails(Result result, ExitCode code, String... words) {
        assertThat(result.err().lines().toList()).as("one line on stderr").hasSize(1);
        assertThat(result.err()).startsWith("cairn: ").contains(words).doesNotContain("Exception", "\tat ");
        assertThat(result.out()).isEmpty();
        assertThat(ExitCode.ofNumber(result.code())).isEqualTo(code);
    }

    @Test
    void servesFromMkfsToStop() throws Exception {
        Result made = cairn.run("mkfs", url, "--passphrase-file", key.toString(), "--label", "first");
        assertThat(made.out()).contains("Made file system", "RECOVERY-KEY-OF-FAKE", "cairn serve " + url);
        try (CairnProcess server = serve(cairn)) {
            Result status = cairn.run("status");
            assertThat(status.err()).isEmpty();
            assertThat(status.out())
                    .contains("process " + server.pid(), "port " + server.port(), "1 client", "1.5 s behind", url)
                    .contains("NFS 4.1, Linux NFSv4.1 test, 2 open files, 1 lock");
            JsonNode json = cairn.run("status", "--json").json();
            assertThat(json.path("volume").path("storage").asText()).isEqualTo(url);
            assertThat(json.path("pid").asLong()).isEqualTo(server.pid());
            assertThat(cairn.run("stat").out()).contains("Directory entries:    3", "600 B (60.0 % of total)");
            assertThat(cairn.run("stat", "--json")
                            .json()
                            .path("compressedBytes")
                            .asLong())
                    .isEqualTo(300);
            assertThat(cairn.run("status").out()).contains("2.0 KiB kept to be restored, 3 restore points");
            assertThat(cairn.run("gc").out())
                    .contains("Packs before:               9 (900 B)", "Deleted:                    5 (100 B)")
                    .contains("Kept to be restored:        4 (80 B)", "Restore points:             1");
            assertThat(cairn.run("gc", "--dry-run").out()).contains("To be rewritten:            2 (40 B)");
            JsonNode garbage = cairn.run("gc", "--drop-restore-points", "--dry-run", "--json")
                    .json();
            assertThat(garbage.path("dryRun").asBoolean()).isTrue();
            assertThat(garbage.path("waitingPacks").asLong()).isZero();
            assertThat(cairn.run("flush").out()).contains("in the object store");
            assertThat(cairn.run("status").out()).contains("the bucket has everything");
            assertThat(cairn.run("top", "--once", "--interval", "100ms").out())
                    .contains("cairn top: ", "operations/s", "OPERATION");
            assertThat(cairn.run("top", "--once", "--interval", "100ms", "--json")
                            .json()
                            .path("status")
                            .path("guarded")
                            .path("snapshots")
                            .asLong())
                    .isEqualTo(1);
            assertThat(cairn.run("access-log", "--for", "0s").code()).isZero();
            assertThat(scrape(server))
                    .contains("cairn_journal_bytes 4096.0", "jvm_memory_used_bytes", "cairn_rpc_calls")
                    .contains("cairn_store_requests_total{verb=\"put\"} 1.0");

            Result stopped = cairn.run("stop");
            assertThat(stopped.out()).contains("everything is in the object store");
            assertThat(stopped.code()).isZero();
            assertThat(server.isAlive()).isFalse();
            assertThat(server.await(1).code()).isZero();
        }
        assertFails(cairn.run("status"), ExitCode.NO_SERVER, "cairn up");
        Path state = onlyState();
        assertThat(state.resolve("admin.sock")).doesNotExist();
        assertThat(Files.readString(state.resolve("log/cairn.json"))).contains("\"formattedMessage\":\"serving local:");
        assertThat(Files.getPosixFilePermissions(state)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    private Path onlyState() throws Exception {
        try (var states = Files.newDirectoryStream(home.resolve(".local/state/cairn"), "local-*")) {
            return states.iterator().next();
        }
    }

    @Test
    void cachesBandwidthAndCompressionAreTunedWhileItRuns() throws Exception {
        try (CairnProcess server = cairn.serve("up", url, "--port", "0", "--metrics-port=0")) {
            assertThat(cairn.run("cache", "size").out())
                    .isEqualTo("memory: 1000 B of 1.0 MiB; disk: 2.0 KiB of 1.0 GiB\n");
            assertThat(cairn.run("cache", "size", "--memory", "64M", "--json")
                            .json()
                            .path("heapBound")
                            .asLong())
                    .isEqualTo(64L << 20);
            assertThat(cairn.run("cache", "drop", "--disk").out())
                    .isEqualTo("memory: 1000 B of 64.0 MiB; disk: 0 B of 1.0 GiB\n");
            assertThat(cairn.run("cache", "drop").out()).startsWith("memory: 0 B");
            assertThat(cairn.run("cache", "warm", "/there").out()).isEqualTo("3 files, 4.0 KiB\n");
            assertFails(cairn.run("cache", "warm", "/nowhere"), ExitCode.USAGE, "there is no /nowhere");
            assertFails(cairn.run("cache", "size", "--disk", "much"), ExitCode.USAGE, "'much' is no size");
            assertThat(cairn.run("cache").out()).contains("drop", "size", "warm");

            assertThat(cairn.run("bandwidth").out()).isEqualTo("up: no bound; down: no bound\n");
            assertThat(cairn.run("bandwidth", "--up", "2M").out()).isEqualTo("up: 2.0 MiB/s; down: no bound\n");
            assertThat(cairn.run("bandwidth", "--down", "512K").out()).isEqualTo("up: 2.0 MiB/s; down: 512 KiB/s\n");
            assertThat(cairn.run("bandwidth", "--up", "none").out()).startsWith("up: no bound");
            assertFails(cairn.run("bandwidth", "--up", "0"), ExitCode.USAGE, "'0' is no rate");

            assertThat(cairn.run("compression").out()).isEqualTo("zstd-3\n");
            assertThat(cairn.run("compression", "lzma").out()).isEqualTo("lzma-6\n");
            assertThat(cairn.run("compression", "--json")
                            .json()
                            .path("compression")
                            .asText())
                    .isEqualTo("lzma-6");
            assertFails(cairn.run("compression", "zstd-23"), ExitCode.USAGE, "no level 23 of zstd");
            assertThat(server.isAlive()).isTrue();
            cairn.run("stop");
        }
    }

    @Test
    void whatIsDamagedIsToldAndRepaired() throws Exception {
        try (CairnProcess server = cairn.serve("up", url, "--port", "0", "--metrics-port=0")) {
            Result damaged = cairn.run("fsck", "--repair", "--dry-run");
            assertThat(damaged.code()).isEqualTo(ExitCode.DAMAGED.number());
            assertThat(damaged.out())
                    .contains("Checked 2 inodes, 3 names, 5 chunks.", "links          1: a count is wrong")
                    .contains("repair: it is counted", "inode 7 has 1 names", "Known to be unreadable: 4 chunks")
                    .endsWith("Damaged; see --repair.\n");
            Result repaired = cairn.run("fsck", "--repair");
            assertThat(repaired.code()).isEqualTo(ExitCode.REPAIRED.number());
            assertThat(repaired.out()).contains("1 repaired, 0 left").endsWith("Clean now.\n");
            JsonNode clean = cairn.run("fsck", "--json").json();
            assertThat(clean.path("clean").asBoolean()).isTrue();
            Result verified = cairn.run("verify", "--data");
            assertThat(verified.code()).isEqualTo(ExitCode.DAMAGED.number());
            assertThat(verified.out())
                    .contains("  /a cannot be read at 7\n", "  snapshot then: /b cannot be read at 0\n");
            assertThat(cairn.run("verify", "--data", "--sample", "5%", "--since", "1d")
                            .out())
                    .endsWith("All is well.\n");
            assertFails(cairn.run("verify", "--data", "--sample", "0%"), ExitCode.USAGE, "no part of anything");
            assertFails(cairn.run("verify", "--sample", "5%"), ExitCode.USAGE, "--sample is of --data");
            assertThat(server.isAlive()).isTrue();
            cairn.run("stop");
        }
    }

    @Test
    void snapshotsAreTakenAndDeleted() throws Exception {
        try (CairnProcess server = cairn.serve("up", url, "--port", "0", "--metrics-port=0")) {
            assertThat(cairn.run("snapshot", "create", "one").out()).isEqualTo("snapshot one was taken\n");
            assertThat(cairn.run("snapshot", "create").out()).isEqualTo("snapshot now was taken\n");
            assertFails(cairn.run("snapshot", "create", "one"), ExitCode.USAGE, "already");
            assertThat(cairn.run("snapshot", "rename", "now", "then").out())
                    .isEqualTo("snapshot then has this name now\n");
            assertThat(cairn.run("snapshot", "hold", "then").out()).isEqualTo("snapshot then is held (1 hold)\n");
            assertThat(cairn.run("snapshot", "list").out())
                    .contains("  auto-1  (by the schedule)\n")
                    .contains("  one\n")
                    .contains("  then  (1 hold)\n");
            assertThat(cairn.run("snapshot", "diff", "then").out())
                    .isEqualTo("+ /a/\n- /b\nM /c  (contents, mode)\nR /y -> /z\n"
                            + "1 added, 1 removed, 1 modified, 1 renamed\n");
            assertThat(cairn.run("snapshot", "diff", "then", "--json").out().lines())
                    .hasSize(4)
                    .first()
                    .isEqualTo(
                            "{\"change\":\"added\",\"type\":\"directory\",\"path\":\"/a\",\"before\":\"\",\"aspects\":[]}");
            assertThat(cairn.run("snapshot", "diff", "then", "one").out().lines())
                    .hasSize(2_001)
                    .startsWith("+ /0", "+ /1", "+ /10", "+ /100");
            assertFails(cairn.run("snapshot", "diff", "never"), ExitCode.USAGE, "there is no snapshot never");
            assertFails(cairn.run("snapshot", "rollback", "then"), ExitCode.USAGE, "--yes");
            assertThat(cairn.run("snapshot", "rollback", "then", "--path", "/a", "--yes")
                            .out())
                    .isEqualTo("/a is what it was in snapshot then; what it was just now is in snapshot"
                            + " before-rollback\n");
            assertThat(cairn.run("snapshot", "release", "then").out()).isEqualTo("snapshot then is released once\n");
            assertThat(cairn.run("snapshot", "expire", "--dry-run").out()).contains("auto-1");
            assertThat(cairn.run("snapshot", "expire").out()).contains("auto-1");
            assertThat(cairn.run("snapshot", "expire").out()).isEqualTo("nothing was deleted\n");
            assertThat(cairn.run("snapshot", "delete", "one").out()).isEqualTo("snapshot one was deleted\n");
            assertFails(cairn.run("snapshot", "delete", "one"), ExitCode.USAGE, "there is no snapshot one");
            JsonNode left = cairn.run("snapshot", "list", "--json").json().path("snapshots");
            assertThat(left).hasSize(1);
            assertThat(left.get(0).path("name").asText()).isEqualTo("then");
            assertThat(server.isAlive()).isTrue();
            cairn.run("stop");
        }
    }

    @Test
    void theTrashIsToldBroughtBackAndEmptied() throws Exception {
        try (CairnProcess server = cairn.serve("up", url, "--port", "0", "--metrics-port=0")) {
            assertThat(cairn.run("trash", "list").out())
                    .containsPattern("12  file +4.0 KiB  /there/report\n")
                    .containsPattern("13  directory +\\(its directory is gone\\)\n")
                    .endsWith("2 removed, 4.0 KiB\n");
            assertThat(cairn.run("trash", "list", "/nothing").out())
                    .isEqualTo("nothing is in the trash that was at /nothing\n");
            assertThat(cairn.run("trash", "list", "/there", "--json")
                            .json()
                            .path("inode")
                            .asLong())
                    .isEqualTo(12);
            assertThat(cairn.run("trash", "restore", "/there/report").out())
                    .isEqualTo("restored: 1 entry, 4.0 KiB\nnot restored, as it is there: /there/taken\n");
            assertThat(cairn.run("trash", "restore", "--inode", "7", "--to", "/x")
                            .out())
                    .isEqualTo("restored: 1 entry, 7 B\n");
            assertFails(cairn.run("trash", "restore", "/nothing"), ExitCode.USAGE, "nothing that was at");
            assertFails(cairn.run("trash", "restore"), ExitCode.USAGE, "PATH");
            assertFails(cairn.run("trash", "restore", "/there/report", "--inode", "7"), ExitCode.USAGE, "mutually");
            assertFails(cairn.run("trash", "empty"), ExitCode.USAGE, "--yes");
            assertThat(cairn.run("trash", "empty", "--yes").out()).isEqualTo("freed: 2\n");
            assertThat(cairn.run("trash", "empty", "/a", "--older-than", "7d", "--yes")
                            .out())
                    .isEqualTo("freed: 1\n");
            assertFails(cairn.run("trash", "empty", "--inode", "9", "--yes"), ExitCode.USAGE, "inode 9 is not");
            assertThat(server.isAlive()).isTrue();
            cairn.run("stop");
        }
    }

    @Test
    void treesAreLockedAndRemoved() throws Exception {
        try (CairnProcess server = cairn.serve("up", url, "--port", "0", "--metrics-port=0")) {
            assertThat(cairn.run("lock", "/there/a", "/there/b").out())
                    .isEqualTo("/there/a: locked without a date (3 inodes gone through so far)\n"
                            + "/there/b: locked without a date (3 inodes gone through so far)\n");
            assertThat(cairn.run("lock", "/there/c", "--until", "2999-12-31").out())
                    .startsWith("/there/c: locked until 2999-12-31 00:00:00");
            JsonNode locks = cairn.run("lock", "--list", "--json").json().path("locks");
            assertThat(locks).hasSize(3);
            assertThat(locks.get(2).path("state").asText()).isEqualTo("LOCKING");
            assertFails(cairn.run("lock", "/nowhere"), ExitCode.USAGE, "there is no /nowhere");
            assertFails(cairn.run("unlock", "/there/a"), ExitCode.LOCKED, "not taken away");
            assertFails(cairn.run("rm", "/there/a"), ExitCode.USAGE, "--yes");
            assertThat(cairn.run("rm", "/there/a", "--yes").out()).isEqualTo("removed: 1,234 entries, 4.0 KiB\n");
            assertThat(cairn.run("rm", "/there/a", "--yes", "--no-wait").out())
                    .isEqualTo("removed; what it held is being freed\n");
            assertThat(cairn.run("cp", "/there/a", "/copy").out()).isEqualTo("copied: 3 entries, 4.0 KiB\n");
            assertFails(cairn.run("cp", "/there/a", "/there/b"), ExitCode.USAGE, "exists");
            assertThat(cairn.run("quota", "set", "/a", "--bytes", "1G", "--soft-inodes", "10")
                            .out())
                    .isEqualTo("/a: 4.0 KiB of 1.0 GiB, 3 inodes (soft: 10)\n");
            assertThat(cairn.run("quota", "list", "--json").json().path("quotas"))
                    .hasSize(1);
            assertThat(cairn.run("quota", "remove", "/a").out()).isEqualTo("/a has no quota any more\n");
            assertThat(cairn.run("du", "/a", "/b").out())
                    .isEqualTo("       10000          7  /a\n       10000          7  /b\n");
            assertThat(cairn.run("du", "/a", "--unique", "--human").out())
                    .contains("9.8 KiB", "2.9 KiB unique, 2.0 KiB stored", "1.0 KiB for this alone");
            assertThat(server.isAlive()).isTrue();
            cairn.run("stop");
        }
    }

    private static String scrape(CairnProcess server) throws Exception {
        int port = server.ready().get("metricsPort").intValue();
        try (InputStream in =
                URI.create("http://127.0.0.1:" + port + "/metrics").toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aTakenPortIsToldBeforeAnythingElse() throws Exception {
        mkfs();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            assertFails(
                    cairn.run("serve", url, "--passphrase-file", key.toString(), "--port", port),
                    ExitCode.PORT_IN_USE,
                    port,
                    "--port");
        }
    }

    @Test
    void systemdHearsWhenItIsReadyAndWhenItStops() throws Exception {
        mkfs();
        String socket = home.resolve("notify").toString();
        try (FakeSystemd systemd = new FakeSystemd(socket)) {
            try (CairnProcess server = serve(cairn.with("NOTIFY_SOCKET", socket).with("WATCHDOG_USEC", "200000"))) {
                assertThat(systemd.nextWith("READY=1")).contains("STATUS=serving " + url, "port " + server.port());
                assertThat(systemd.next()).isEqualTo("WATCHDOG=1");
                server.terminate();
            }
            assertThat(systemd.nextWith("STOPPING=1")).contains("STATUS=stopping");
        }
    }

    @Test
    void signalsStopItCleanly() throws Exception {
        mkfs();
        try (CairnProcess server = serve(cairn)) {
            Result ended = server.terminate();
            assertThat(ended.code()).isZero();
            assertThat(ended.err()).contains("stopping");
        }
        try (CairnProcess server = serve(Launcher.of(home, FakeMain.class.getName(), "-Dcairn.fake.stuck=true"))) {
            new ProcessBuilder("kill", "-" + interrupt(), String.valueOf(server.pid()))
                    .start()
                    .waitFor();
            Result ended = server.await(60);
            assertThat(ended.code()).isEqualTo(ExitCode.NOT_UPLOADED.number());
            assertThat(ended.err()).contains("the next start uploads it");
        }
    }

    /** INT as of Ctrl-C; but who was started in the background by a shell ignores it, and so do those whom it starts. */
    private static String interrupt() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return "INT";
        }
        String ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElseThrow()
                .substring("SigIgn:".length())
                .trim();
        return (Long.parseUnsignedLong(ignored, 16) & 2) == 0 ? "INT" : "HUP";
    }

    @Test
    void stopSaysWhenNotAllIsUploaded() throws Exception {
        mkfs();
        try (CairnProcess server = serve(Launcher.of(home, FakeMain.class.getName(), "-Dcairn.fake.stuck=true"))) {
            assertFails(cairn.run("stop", "--stop-timeout", "1s"), ExitCode.NOT_UPLOADED, "next start");
            assertThat(server.await(10).code()).isEqualTo(ExitCode.NOT_UPLOADED.number());
        }
    }

    @Test
    void afterKill9TheSameCommandServesAgain() throws Exception {
        mkfs();
        CairnProcess killed = serve(cairn);
        killed.kill9();
        assertFails(cairn.run("status"), ExitCode.NO_SERVER, "cairn up");
        try (CairnProcess again = killed.restart()) {
            assertThat(again.port()).isEqualTo(killed.port());
            assertThat(cairn.run("status").code()).isZero();
        }
    }

    @Test
    void aFailedVolumeEndsTheServerWithItsCode() throws Exception {
        mkfs();
        try (CairnProcess server = serve(Launcher.of(home, FakeMain.class.getName(), "-Dcairn.fake.fails=true"))) {
            cairn.run("flush");
            Result ended = server.await(60);
            assertThat(ended.code()).isEqualTo(ExitCode.DISK_FULL.number());
            assertThat(ended.err()).contains("the journal's disk is full; free some space");
        }
    }

    @Test
    void daemonReturnsWhenReadyAndTellsTheChildsFailure() throws Exception {
        mkfs();
        Result ready = cairn.run(
                "serve", url, "--passphrase-file", key.toString(), "--port=0", "--metrics-port=0", "--daemon");
        assertThat(ready.err()).isEmpty();
        assertThat(ready.code()).isZero();
        Matcher pid = Pattern.compile("ready \\(process (\\d+)\\)").matcher(ready.out());
        assertThat(pid.find()).isTrue();
        ProcessHandle daemon = ProcessHandle.of(Long.parseLong(pid.group(1))).orElseThrow();
        try {
            assertThat(ready.out())
                    .contains("mount -t nfs4 -o vers=4.1,port=", "mount_nfs -o vers=4,resvport,port=")
                    .containsPattern("mount -t nfs -o vers=3,.*,port=(\\d+),mountport=\\1,nolock ")
                    .containsPattern("mount_nfs -o vers=3,.*,port=(\\d+),mountport=\\1,locallocks ");
            assertFails(
                    cairn.run("serve", url, "--passphrase-file", key.toString(), "--port=0", "--daemon"),
                    ExitCode.STATE_IN_USE,
                    "process " + daemon.pid());
            assertThat(cairn.run("stop").code()).isZero();
            assertThat(daemon.isAlive()).isFalse();
        } finally {
            daemon.destroyForcibly();
        }
        Launcher failing = Launcher.of(home, FakeMain.class.getName(), "-Dcairn.fake.open=BUCKET_IN_USE");
        assertFails(
                failing.run("serve", url, "--passphrase-file", key.toString(), "--port=0", "--daemon"),
                ExitCode.BUCKET_IN_USE,
                "try another");
        Launcher dying = Launcher.of(home, FakeMain.class.getName(), "-Dcairn.fake.open=NO_SUCH_CODE");
        Result died = dying.run("serve", url, "--passphrase-file", key.toString(), "--port=0", "--daemon");
        assertThat(died.code()).isEqualTo(ExitCode.INTERNAL.number());
        assertThat(died.err()).contains("the background server ended with status 1");
    }

    @Test
    void upMakesServesAndServesAgain() throws Exception {
        Path keys = home.resolve(".config/cairn/keys");
        Result first = upAndStop();
        assertThat(first.out()).contains("Made file system", "RECOVERY-KEY-OF-FAKE", keys.toString());
        try (var files = Files.newDirectoryStream(keys)) {
            Path made = files.iterator().next();
            assertThat(Files.getPosixFilePermissions(made)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(Files.readString(made)).hasSize(43);
            assertThat(first.out()).doesNotContain(Files.readString(made));
        }
        Result second = upAndStop();
        assertThat(second.out()).doesNotContain("Made", "RECOVERY");
        assertThat(second.code()).isZero();
    }

    private Result upAndStop() throws Exception {
        Result up = cairn.run("up", "--port=0", "--metrics-port=0", "--daemon");
        assertThat(up.err()).isEmpty();
        assertThat(cairn.run("stop").code()).isZero();
        return up;
    }

    @Test
    void severalServersAreToldApartByTheirState() throws Exception {
        mkfs();
        String other = "local://" + home.resolve("other");
        cairn.run("mkfs", other, "--plain");
        try (CairnProcess one = serve(cairn);
                CairnProcess two = cairn.serve("serve", other, "--port=0", "--metrics-port=0")) {
            assertFails(
                    cairn.run("status"),
                    ExitCode.AMBIGUOUS_SERVER,
                    one.ready().get("state").asText());
            Result status =
                    cairn.run("status", "--state", two.ready().get("state").asText());
            assertThat(status.out()).contains("process " + two.pid(), "NOT encrypted");
            assertThat(one.isAlive()).isTrue();
        }
    }

    @Test
    void exportsAreReadAgain() throws Exception {
        mkfs();
        Path exports = Files.writeString(home.resolve("exports"), "/ 127.0.0.1(rw)\n");
        try (CairnProcess server = serve(cairn, "--exports", exports.toString())) {
            Files.writeString(exports, "/ 127.0.0.1(rw,nonsense)\n");
            assertFails(cairn.run("reload"), ExitCode.CONFIG, "nonsense");
            assertThat(cairn.run("status").out()).contains("/ 127.0.0.1(rw");
            Files.writeString(exports, "/ 192.0.2.0/24(ro)\n");
            assertThat(cairn.run("reload").out()).startsWith("/ 192.0.2.0/24(ro,sync,root_squash");
            Files.writeString(exports, "/ 127.0.0.1(rw)\n/ *(ro)\n");
            assertThat(cairn.run("exports", "--check", exports.toString()).out().lines())
                    .hasSize(2)
                    .allMatch(line -> line.endsWith(")"));
            assertThat(cairn.run("exports").out()).startsWith("/ 192.0.2.0/24(ro,");
            cairn.run("reload");
            assertThat(cairn.run("exports").out().lines())
                    .hasSize(2)
                    .element(1)
                    .matches(line -> line.startsWith("/ *(ro,"));
            assertThat(cairn.run("exports", "--json").out()).contains("\"found\" : true");
            Files.writeString(exports, "/ 127.0.0.1(rw,nonsense)\n");
            assertFails(cairn.run("exports", "--check", exports.toString()), ExitCode.CONFIG, "nonsense");
            assertThat(server.isAlive()).isTrue();
        }
    }

    @Test
    void helpVersionAndCompletion() throws Exception {
        Result help = cairn.run();
        assertThat(help.out()).contains("Usage: cairn", "mkfs", "completion", "Exit codes:");
        assertThat(cairn.run("help", "serve").out()).contains("--passphrase-command", "Examples:");
        assertThat(cairn.run("version").out()).startsWith("cairn ").contains("Java");
        assertThat(cairn.run("--version").out()).isEqualTo(cairn.run("version").out());
        Path script = Files.writeString(
                home.resolve("completion"), cairn.run("completion").out());
        Process bash = new ProcessBuilder("bash", "-c", "source '" + script + "' && complete -p cairn").start();
        assertThat(bash.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(bash.exitValue()).isZero();
    }
}
