package org.cairnfs.server.nfs.v3.portmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.cairnfs.core.testkit.Tools;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real rpcbind, in namespaces of its own, so that it is no other rpcbind than that of this test. */
class RpcbindIT {
    /** With a file system of its own at {@code /run}, where its socket is; all processes end with the shell. */
    private static final String SCRIPT = """
            mount -t tmpfs tmpfs /run && rpcbind || exit 9
            until rpcinfo >/dev/null 2>&1; do sleep 0.1; done
            exec "$@"
            """;

    @Test
    @Timeout(120)
    void takesWhatIsServedAndGivesItBack() throws Exception {
        Tools.requireRoot();
        Tools.require("rpcbind", "package rpcbind");
        Tools.require("rpcinfo", "package rpcbind");
        Tools.require("unshare", "package util-linux");
        Process process = new ProcessBuilder(
                        "unshare",
                        "--net",
                        "--mount",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "sh",
                        "-c",
                        SCRIPT,
                        "sh",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RpcbindIT.class.getName())
                .redirectErrorStream(true)
                .start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(told).isZero();
        List<String> steps = List.of(told.split("---\n"));
        assertThat(steps.get(1).lines())
                .anyMatch(line -> line.matches(" *100003 +3 +tcp +0.0.0.0.8.1 +nfs +superuser *"))
                .anyMatch(line -> line.matches(" *100021 +4 +tcp6 +::.8.1 +nlockmgr +superuser *"));
        assertThat(steps.get(2))
                .as("after a killed server")
                .contains("0.0.0.0.8.2", "::.8.2")
                .doesNotContain(".8.1 ");
        assertThat(steps.get(3)).as("in the end").doesNotContain("nfs", "nlockmgr");
    }

    /** What runs there: a server that is killed, the next one at another port, and its end. */
    public static void main(String[] arguments) throws Exception {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        register(2049, timer);
        show();
        RpcbindRegistration second = register(2050, timer);
        show();
        second.close();
        show();
        timer.shutdownNow();
    }

    private static RpcbindRegistration register(int port, ScheduledExecutorService timer) {
        return RpcbindRegistration.register(
                List.of(new Mapping(100003, 3, Mapping.TCP, port), new Mapping(100021, 4, Mapping.TCP, port)),
                InetAddresses.forString("0.0.0.0"),
                RpcbindRegistration.PLACES,
                timer);
    }

    private static void show() throws IOException, InterruptedException {
        System.out.println("---");
        System.out.flush();
        new ProcessBuilder("rpcinfo").inheritIO().start().waitFor();
    }
}
