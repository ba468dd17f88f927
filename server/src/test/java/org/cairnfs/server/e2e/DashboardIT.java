package org.cairnfs.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.testkit.Tools;
import org.cairnfs.server.cli.FakeMain;
import org.cairnfs.server.testing.CairnProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard in a real browser, Chromium without a screen. */
class DashboardIT {
    private static final int PATIENCE_SECONDS = 120;

    @TempDir
    Path home;

    /** What the page has become after its scripts have run. */
    private String visit(String url) throws Exception {
        File said = home.resolve("said").toFile();
        Process chromium = new ProcessBuilder(List.of(
                        "chromium",
                        "--headless",
                        "--no-sandbox", // as tests may run as root
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--user-data-dir=" + home.resolve("profile"),
                        "--enable-logging=stderr",
                        "--virtual-time-budget=3000",
                        "--dump-dom",
                        url))
                .redirectError(said)
                .start();
        String page = new String(chromium.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(chromium.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(said.toPath()).lines().filter(line -> line.contains("CONSOLE")))
                .as("errors of scripts, and what the content security policy refused")
                .isEmpty();
        return page;
    }

    @Test
    void itShowsHowTheServerIs() throws Exception {
        Tools.require("chromium", "package chromium");
        CairnProcess.Launcher cairn = CairnProcess.Launcher.of(home, FakeMain.class.getName());
        try (CairnProcess server =
                cairn.serve("up", "local://" + home.resolve("store"), "--port", "0", "--metrics-port=0")) {
            String page = visit("http://127.0.0.1:" + server.ready().get("metricsPort") + "/");
            assertThat(page)
                    .contains("data-ready=\"true\"", ">serving</p>", "local storage · encrypted · zstd-3")
                    .contains("3.33×", "700 B need no room", "2 inodes · 5 chunks · 1 pack")
                    .contains("is 2 s behind", "Linux NFSv4.1 test", "nothing is going on")
                    .contains("1000 B of 1 MiB", "20 % so far", ">now</text>")
                    .doesNotContain("stale");
        }
    }
}
