package org.cairnfs.server.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cairnfs.server.Progress.Unit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceManagerTest {
    private static final long PID = ProcessHandle.current().pid();

    @TempDir
    Path folder;

    private String path() {
        return folder.resolve("notify").toString();
    }

    @Test
    void tellsOfTheWholeLifeOfAServer() throws Exception {
        try (FakeSystemd systemd = new FakeSystemd(path());
                ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", path()))) {
            manager.report("replaying the journal", 1, 4, Unit.RECORDS);
            manager.report("replaying the journal", 2, 4, Unit.RECORDS); // within the same second
            manager.ready("serving", () -> true);
            manager.stopping("uploading");
            assertThat(systemd.next()).isEqualTo("STATUS=replaying the journal, 25 %\nEXTEND_TIMEOUT_USEC=300000000");
            assertThat(systemd.next()).isEqualTo("READY=1\nSTATUS=serving");
            assertThat(systemd.next()).isEqualTo("STOPPING=1\nSTATUS=uploading");
        }
    }

    @Test
    void speaksToAbstractNames() throws Exception {
        String name = "@cairn-test-" + PID;
        try (FakeSystemd systemd = new FakeSystemd(name);
                ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", name))) {
            manager.report("uploading", 5, -1, Unit.BYTES);
            assertThat(systemd.next()).startsWith("STATUS=uploading\n");
        }
    }

    @Test
    void closingLetsTheLastWordsOut() throws Exception {
        try (FakeSystemd systemd = new FakeSystemd(path())) {
            try (ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", path()))) {
                manager.stopping("uploading");
            }
            assertThat(systemd.next()).startsWith("STOPPING=1");
        }
    }

    @Test
    void theWatchdogHearsOfAServerThatIsWellOnly() throws Exception {
        AtomicBoolean well = new AtomicBoolean(true);
        CountDownLatch asked = new CountDownLatch(1);
        Map<String, String> environment =
                Map.of("NOTIFY_SOCKET", path(), "WATCHDOG_USEC", "20000", "WATCHDOG_PID", Long.toString(PID));
        try (FakeSystemd systemd = new FakeSystemd(path());
                ServiceManager manager = ServiceManager.of(environment)) {
            manager.ready("serving", () -> {
                if (!well.get()) {
                    asked.countDown();
                    throw new IllegalStateException("as the test wants");
                }
                return true;
            });
            assertThat(systemd.next()).startsWith("READY=1");
            assertThat(systemd.next()).isEqualTo("WATCHDOG=1");
            assertThat(systemd.next()).isEqualTo("WATCHDOG=1");
            well.set(false);
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            manager.stopping("now");
            assertThat(systemd.nextWith("STOPPING")).isEqualTo("STOPPING=1\nSTATUS=now");
        }
    }

    @Test
    void aWatchdogOfAnotherProcessHearsNothing() throws Exception {
        Map<String, String> environment =
                Map.of("NOTIFY_SOCKET", path(), "WATCHDOG_USEC", "20000", "WATCHDOG_PID", Long.toString(PID + 1));
        try (FakeSystemd systemd = new FakeSystemd(path())) {
            try (ServiceManager manager = ServiceManager.of(environment)) {
                manager.ready("serving", () -> {
                    throw new AssertionError("nobody asks");
                });
                manager.stopping("now");
            }
            assertThat(systemd.next()).startsWith("READY=1");
            assertThat(systemd.next()).startsWith("STOPPING=1");
        }
    }

    @Test
    void nothingIsSaidWhereNobodyAskedOrNobodyListens() throws Exception {
        for (String socket : new String[] {"", path(), "vsock:2:1"}) {
            Map<String, String> environment = Map.of("NOTIFY_SOCKET", socket);
            try (ServiceManager manager = ServiceManager.of(environment)) {
                manager.report("uploading", 1, 2, Unit.BYTES);
                manager.ready("serving", () -> true);
                manager.stopping("now");
            }
        }
        ServiceManager.of(Map.of()).close();
        assertThatThrownBy(() -> NotifySocket.open("vsock:2:1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("neither");
    }
}
