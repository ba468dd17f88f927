package org.cairnfs.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.cairnfs.server.activity.OperationCounts;
import org.cairnfs.server.app.Guarded;
import org.cairnfs.server.app.MountOperations;
import org.cairnfs.server.app.NfsService;
import org.cairnfs.server.app.ServerActivity;
import org.cairnfs.server.app.ServerStatus;
import org.cairnfs.server.app.VolumeStatus;
import org.cairnfs.server.config.Durability;
import org.cairnfs.server.metrics.RpcMeters;
import org.junit.jupiter.api.Test;

class TopTextTest {
    private static ServerActivity activity(long atMillis, long reads, long hits) {
        VolumeStatus volume = new VolumeStatus(
                "an-id",
                "music",
                "local:///srv/cairn",
                true,
                "zstd-3",
                7,
                Durability.LOCAL,
                VolumeStatus.State.SERVING,
                0,
                new VolumeStatus.Journal(1 << 20, 4 << 20, 10, 10, ""),
                new VolumeStatus.Cache(1 << 20, 2 << 20, 0, 0, hits, 1),
                new VolumeStatus.Dirty(0, 1 << 20),
                new VolumeStatus.Uploads(0, 0, 0, ""),
                new VolumeStatus.Barrier(1, 0, 3_000),
                new VolumeStatus.Garbage(0, 0, 0, 0, ""),
                VolumeStatus.Scrub.NONE,
                VolumeStatus.Following.NONE,
                "");
        ServerStatus status = new ServerStatus(
                42,
                "1.2",
                "/state",
                0,
                "127.0.0.1",
                2049,
                List.of(),
                -1,
                volume,
                Collections.nCopies(30, new NfsService.Client("4.1", "a machine", 90_000, 2, 1, 3, List.of())),
                List.of(),
                NfsService.Delegations.NONE,
                Guarded.NONE,
                MountOperations.Mounted.NONE);
        return new ServerActivity(
                atMillis,
                List.of(
                        new OperationCounts("GETATTR", 5, 0, 5_000, List.of(5L, 0L)),
                        new OperationCounts("READ", reads, reads / 10, reads * 2_000, List.of(0L, reads))),
                new RpcMeters.Traffic(1, 0, reads * 100, reads * 4096),
                List.of(
                        new ServerActivity.StoreUse("PUT", 0, 0, 0, 0),
                        new ServerActivity.StoreUse("GET", reads / 100, 0, reads, reads * 1_000)),
                status);
    }

    private static final TopReport REPORT = TopReport.between(activity(10_000, 1_000, 0), activity(12_000, 3_000, 0));

    @Test
    void ratesAreOfWhatCameBetween() {
        assertThat(REPORT.seconds()).isEqualTo(2);
        assertThat(REPORT.operations()).containsExactly(new TopReport.Operation("READ", 1_000, 100, 2, 2.048, 2.048));
        assertThat(REPORT.store()).containsExactly(new TopReport.Store("GET", 10, 0, 1_000, 0.1));
        assertThat(REPORT.sentBytesPerSecond()).isEqualTo(4_096_000);
        assertThat(REPORT.cacheHits()).isEqualTo(-1);
        assertThat(TopReport.between(activity(0, 0, 0), activity(1, 0, 9)).cacheHits())
                .isEqualTo(1);
    }

    @Test
    void allIsShownWhereThereIsRoom() {
        List<String> lines = TopText.lines(REPORT, 12_000, 100, 60);
        assertThat(String.join("\n", lines))
                .contains("cairn top: music, up 12 s, serving", "1,000 operations/s   in 97.7 KiB/s   out 3.9 MiB/s")
                .contains("journal  [######..................] 1.0 MiB of 4.0 MiB", "the bucket is 3.0 s behind")
                .contains("read                    1,000.0    100.0       2 us       2 us       2 us")
                .contains("4.1        2      1      3  a machine");
        assertThat(lines).filteredOn(line -> line.endsWith("a machine")).hasSize(30);
    }

    @Test
    void aSmallTerminalGetsNoMoreThanFits() {
        for (int rows = 1; rows < 40; rows++) {
            assertThat(TopText.lines(REPORT, 12_000, 40, rows))
                    .hasSizeLessThanOrEqualTo(rows)
                    .allMatch(line -> line.length() <= 40);
        }
    }

    @Test
    void theScreenIsPaintedOverAndGivenBack() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Screen screen = new Screen(new PrintStream(bytes, false, StandardCharsets.UTF_8))) {
            screen.paint(List.of("one", "two"));
        }
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo("\033[?1049h\033[?25l" + "\033[Hone\033[K\r\ntwo\033[K\033[J" + "\033[?25h\033[?1049l");
        assertThat(Screen.Size.parse("50 132\n")).isEqualTo(new Screen.Size(132, 50));
        assertThat(Screen.Size.parse("0 0\n")).isEqualTo(Screen.Size.USUAL);
        assertThat(Screen.Size.parse("stty: standard input")).isEqualTo(Screen.Size.USUAL);
    }
}
