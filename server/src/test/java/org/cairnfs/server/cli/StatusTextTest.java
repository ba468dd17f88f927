package org.cairnfs.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.cairnfs.server.app.ServerStatus;
import org.cairnfs.server.app.VolumeStatus;
import org.cairnfs.server.config.Durability;
import org.junit.jupiter.api.Test;

/** What a person is told of a server. */
class StatusTextTest {
    private static String text(VolumeStatus.State state, String shortage, long behindMillis) {
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
                new VolumeStatus.Cache(0, 1, 0, 0),
                new VolumeStatus.Dirty(0, 1 << 20),
                new VolumeStatus.Uploads(0, 0, 0, ""),
                new VolumeStatus.Barrier(1, 0, behindMillis),
                new VolumeStatus.Garbage(30_000, 2048, 0, 3, ""),
                "");
        ServerStatus status =
                new ServerStatus(42, "1.2", "/state", 0, "127.0.0.1", 2049, List.of("/ *(ro)"), -1, volume, List.of());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StatusText.print(new PrintStream(out, true, StandardCharsets.UTF_8), status, 60_000);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void allIsWell() {
        assertThat(text(VolumeStatus.State.SERVING, "", 0))
                .contains("an-id (music), encrypted, zstd-3", "the bucket has everything", "incarnation 7")
                .contains("collected 30 s ago, 2.0 KiB kept to be restored, 3 restore points")
                .doesNotContain("WAIT", "CANNOT", "broken off");
    }

    @Test
    void whatIsWrongStandsOut() {
        assertThat(text(VolumeStatus.State.SERVING, "the disk is full", 0))
                .contains("CHANGES WAIT: the disk is full\n");
        assertThat(text(VolumeStatus.State.STORE_UNREACHABLE, "", 90_000))
                .contains("THE OBJECT STORE CANNOT BE REACHED", "the bucket is 90 s behind");
    }
}
