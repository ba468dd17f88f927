package org.cairnfs.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.cairnfs.server.app.Guarded;
import org.cairnfs.server.app.MountOperations;
import org.cairnfs.server.app.NfsService;
import org.cairnfs.server.app.ServerStatus;
import org.cairnfs.server.app.Trees;
import org.cairnfs.server.app.VolumeStatus;
import org.cairnfs.server.app.VolumeTrash;
import org.cairnfs.server.config.Durability;
import org.junit.jupiter.api.Test;

/** What a person is told of a server. */
class StatusTextTest {
    private static String text(VolumeStatus.State state, String shortage, long behindMillis) {
        return text(state, shortage, behindMillis, VolumeStatus.Following.NONE);
    }

    private static String text(
            VolumeStatus.State state, String shortage, long behindMillis, VolumeStatus.Following following) {
        VolumeStatus volume = new VolumeStatus(
                "an-id",
                "music",
                "local:///srv/cairn",
                true,
                "zstd-3",
                7,
                Durability.LOCAL,
                state,
                0,
                new VolumeStatus.Journal(4096, 1 << 20, 10, 10, shortage),
                new VolumeStatus.Cache(0, 1, 0, 0, 0, 0),
                new VolumeStatus.Dirty(0, 1 << 20),
                new VolumeStatus.Uploads(0, 0, 0, ""),
                new VolumeStatus.Barrier(1, 0, behindMillis),
                new VolumeStatus.Garbage(30_000, 2048, 0, 3, ""),
                new VolumeStatus.Scrub(86_400_000, 30_000, 20_000, 1_234, 5_000, 2, 1, ""),
                following,
                "");
        ServerStatus status = new ServerStatus(
                42,
                "1.2",
                "/state",
                0,
                "127.0.0.1",
                2049,
                List.of("/ *(ro)"),
                -1,
                volume,
                List.of(
                        new NfsService.Client("4.1", "a machine", 90_000, 2, 1, 0, List.of()),
                        new NfsService.Client("3", "old at 192.0.2.1", -1, 0, 3, 0, List.of("/", "/music"))),
                List.of(
                        new NfsService.Usage("connections", 500, 1_024),
                        new NfsService.Usage("locks", 199_000, 200_000)),
                NfsService.Delegations.NONE,
                new Guarded(
                        3,
                        30_000,
                        3_600_000,
                        2,
                        new VolumeTrash.Counts(12, 3 << 20),
                        List.of(new Trees.Quota(
                                "/home", new Trees.Limits(0, 1 << 30, 0, 0, 0), 1020 << 20, 7, 0, true))),
                new MountOperations.Mounted("/mnt/cairn", "fsname=x,allow_other", 2, 1_234));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StatusText.print(new PrintStream(out, true, StandardCharsets.UTF_8), status, 60_000);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void allIsWell() {
        assertThat(text(VolumeStatus.State.SERVING, "", 0))
                .contains("an-id (music), encrypted, zstd-3", "the bucket has everything", "incarnation 7")
                .contains("scrub        1,234 of 5,000 chunks read, begun 30 s ago; 2 DAMAGED, 1 of them repaired\n")
                .contains("collected 30 s ago, 2.0 KiB kept to be restored, 3 restore points")
                .contains("trash        12 removed inodes, 3.0 MiB\n")
                .contains("client       NFS 4.1, a machine, 2 open files, 1 lock\n")
                .contains("client       NFS 3, old at 192.0.2.1, 0 open files, 3 locks, mounts / /music\n")
                .contains("mounted      on /mnt/cairn (fsname=x,allow_other), 2 open files, 1,234 requests\n")
                .contains("snapshots    3 snapshots, the newest of 30 s ago; the next in 59 min")
                .contains("locks        2 immutable trees\n", "QUOTA NEARLY USED UP: /home: 1020 MiB of 1.0 GiB")
                .contains("2 clients", "NEAR A LIMIT: 199,000 of 200,000 locks")
                .doesNotContain("WAIT", "CANNOT", "broken off", "connections");
    }

    @Test
    void whoReadsIsToldOfWhen() {
        assertThat(text(VolumeStatus.State.SERVING, "", 0, new VolumeStatus.Following(true, 57_000, "")))
                .contains("read-only    as of 1970-01-01T00:00:00Z (60 s ago), record 1")
                .contains("the newest that there was 3.0 s ago")
                .doesNotContain("journal", "dirty", "uploads", "CANNOT");
        assertThat(text(
                        VolumeStatus.State.STORE_UNREACHABLE,
                        "",
                        40_000,
                        new VolumeStatus.Following(true, 20_000, "no route to it")))
                .contains("the newest that there was 40 s ago", "CANNOT BE FOLLOWED NOW: no route to it");
    }

    @Test
    void whatIsWrongStandsOut() {
        assertThat(text(VolumeStatus.State.SERVING, "the disk is full", 0))
                .contains("CHANGES WAIT: the disk is full\n");
        assertThat(text(VolumeStatus.State.STORE_UNREACHABLE, "", 90_000))
                .contains("THE OBJECT STORE CANNOT BE REACHED", "the bucket is 90 s behind");
    }
}
