package org.cairnfs.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import org.cairnfs.core.testkit.Tools;
import org.cairnfs.server.nfs.v3.portmap.Portmap;
import org.cairnfs.server.testing.NfsClient;
import org.cairnfs.server.testing.NfsClient.Result;
import org.cairnfs.server.testing.NfsClient.Running;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * NLM and NSM with Linux' lockd and statd: two clients of version 3 and one of version 4.1 on the same file. Linux asks for the
 * lock manager at port 111 of the server, so that port must be free here.
 */
class LocksOfVersion3IT {
    /**
     * Locks bytes of a file and tells how that went: {@code lock FILE x|s wait|now FIRST LENGTH [HELD]}. With HELD, makes that
     * file, and keeps the lock until it is removed.
     */
    private static final String LOCK = """
            import fcntl, os, sys, time
            name, mode, how, first, length = sys.argv[1:6]
            flags = (fcntl.LOCK_EX if mode == 'x' else fcntl.LOCK_SH) | (fcntl.LOCK_NB if how == 'now' else 0)
            with open(name, 'r+') as f:
                try:
                    fcntl.lockf(f, flags, int(length), int(first))
                except OSError:
                    print('refused', flush=True)
                    sys.exit(1)
                print('granted', flush=True)
                if len(sys.argv) > 6:
                    open(sys.argv[6], 'w').close()
                    while os.path.exists(sys.argv[6]):
                        time.sleep(0.1)
            """;

    private static final String PREPARE = """
            set -eu
            cat >/tmp/lock.py <<'EOF'
            """ + LOCK + """
            EOF
            lock() { python3 /tmp/lock.py "$@"; }
            until_there() { while ! test -e "$1"; do sleep 0.1; done; }
            echo hello >file
            """;

    @RegisterExtension
    final RealServer server = new RealServer("portmap-port = " + Portmap.PORT);

    @BeforeEach
    void start() throws Exception {
        NfsClient.require();
        Tools.require("rpc.statd", "package nfs-common");
        Tools.require("python3", "package python3-minimal");
        Tools.requireThat(isFree(Portmap.PORT), "needs port " + Portmap.PORT + " to be free");
        server.start();
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port)) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private NfsClient client() {
        return server.client()
                .version("3")
                .with("--nlm", "--mount", "/mnt/four:client=3,vers=4.1")
                .timeout(600);
    }

    @Test
    void locksHoldBetweenClientsAndVersions() throws Exception {
        Result result = client().with("--mount", "/mnt/two:client=2").run(PREPARE + """
                lock /mnt/two/file x now 0 10 /tmp/two >/dev/null & until_there /tmp/two
                echo "other client: $(lock file s now 5 1 || :)"
                echo "beside it: $(lock file x now 10 5)"
                echo "version 4: $(lock /mnt/four/file x now 9 1 || :)"
                lock file x wait 0 10 >/tmp/waited & waiter=$!
                rm /tmp/two; wait $waiter
                echo "waited: $(cat /tmp/waited)"
                lock /mnt/four/file x now 0 10 /tmp/four >/dev/null & until_there /tmp/four
                echo "against version 4: $(lock file s now 5 1 || :)"
                rm /tmp/four; wait
                echo "in the end: $(lock file x now 0 0)"
                """);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out().lines())
                .containsExactly(
                        "other client: refused",
                        "beside it: granted",
                        "version 4: refused",
                        "waited: granted",
                        "against version 4: refused",
                        "in the end: granted");
    }

    /** Two machines, each with a lock manager and a status monitor of its own. What they tell each other is in the folder of the host. */
    @Test
    void twoHostsConflictWaitCancelAndReclaim() throws Exception {
        assumeTrue(Boolean.getBoolean("cairn.long"), "two guests for a minute or two: with -Dcairn.long=true");
        NfsClient host = server.client().version("3").with("--nlm").timeout(600);
        try (Running first = host.start(PREPARE + """
                        lock file x now 0 10 /mnt/host/first >/dev/null & holder=$!
                        until_there /mnt/host/first
                        wait $holder
                        until_there /mnt/host/second
                        echo "after the other: $(lock file s now 5 1 || :)"
                        until_there /mnt/host/again
                        echo "beside it: $(lock file x wait 10 5)"
                        echo "reclaimed: $(lock file s now 5 1 || :)"
                        rm /mnt/host/second
                        echo "in the end: $(lock file x wait 0 0)"
                        """);
                Running second = host.start(PREPARE + """
                        waits() { while ! grep -q nlm /proc/$1/stack; do sleep 0.1; done; }
                        until_there /mnt/host/first
                        echo "now: $(lock file x now 5 1 || :)"
                        python3 /tmp/lock.py file x wait 0 10 >/dev/null 2>&1 & waiter=$!
                        waits $waiter; kill $waiter; wait $waiter || :
                        # If the server had not been told of that end, it would give the lock to who does not want it.
                        python3 /tmp/lock.py file x wait 0 10 /mnt/host/second >/tmp/waited & waiter=$!
                        waits $waiter
                        begin=$(date +%s); rm /mnt/host/first; until_there /mnt/host/second
                        echo "called: $(( $(date +%s) - begin < 20 ))"
                        wait $waiter
                        echo "waited: $(cat /tmp/waited)"
                        """)) {
            assertThat(first.out().awaitLine(line -> line.startsWith("after"), 500))
                    .isPresent();
            server.kill9();
            server.startAgain();
            Files.createFile(server.share().resolve("again"));
            Result ofFirst = first.await();
            Result ofSecond = second.await();
            assertThat(ofFirst.status()).as(ofFirst.err()).isZero();
            assertThat(ofSecond.status()).as(ofSecond.err()).isZero();
            assertThat(ofSecond.out().lines()).containsExactly("now: refused", "called: 1", "waited: granted");
            assertThat(ofFirst.out().lines())
                    .containsExactly(
                            "after the other: refused",
                            "beside it: granted",
                            "reclaimed: refused",
                            "in the end: granted");
        }
    }

    /** With one client of version 3 only: two in one guest share a kernel that mixes up where their lock managers are. */
    @Test
    void whoWaitsIsCalledAndLocksAreReclaimedAfterTheServerWasKilled() throws Exception {
        try (Running client = client().start(PREPARE + """
                lock /mnt/four/file x now 0 10 /tmp/four >/dev/null & until_there /tmp/four
                python3 /tmp/lock.py file x wait 0 10 /tmp/one >/tmp/waited & waiter=$!
                while ! grep -q nlm /proc/$waiter/stack; do sleep 0.1; done
                begin=$(date +%s); rm /tmp/four; until_there /tmp/one
                # Without being called, it would ask again after 30 s.
                echo "called: $(( $(date +%s) - begin < 20 ))"
                until_there /mnt/host/again
                # New locks have to wait for the end of grace; then the old one is still there.
                echo "beside it: $(lock /mnt/four/file x wait 10 5)"
                echo "the same: $(lock /mnt/four/file s now 5 1 || :)"
                rm /tmp/one; wait
                echo "in the end: $(lock /mnt/four/file x now 0 0)"
                """)) {
            assertThat(client.out().awaitLine(line -> line.startsWith("called"), 500))
                    .isPresent();
            server.kill9();
            server.startAgain();
            Files.createFile(server.share().resolve("again"));
            Result result = client.await();
            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.out().lines())
                    .containsExactly("called: 1", "beside it: granted", "the same: refused", "in the end: granted");
        }
    }
}
