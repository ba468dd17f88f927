package org.cairnfs.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.cairnfs.server.testing.NfsClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Read delegations with two kernel clients: one reads from its cache without asking, until the other wants to write. */
class DelegationsIT {
    /**
     * {@code opens} counts the OPENs that the second client has sent; {@code delegated FILE} reads a file until that needs none.
     * A file that was just fought over is not delegated for a third of the lease.
     */
    private static final String FUNCTIONS = """
            opens() {
                awk '/mounted on/ { here = $5 == "/mnt/b" }
                     here && ($1 == "OPEN:" || $1 == "OPEN_NOATTR:") { sum += $2 }
                     END { print sum }' /proc/self/mountstats
            }
            delegated() {
                local before
                for try in $(seq 100); do
                    before=$(opens)
                    cat $b/$1 >/dev/null
                    [ $(opens) != $before ] || return 0
                    sleep 0.1
                done
                echo "$1 is not delegated"; exit 1
            }
            # until the other mount reads what it should
            reads() {
                local try found
                for try in $(seq 60); do
                    found=$(timeout 100 cat $b/$1)
                    [ "$found" != $2 ] || return 0
                    sleep 1
                done
                echo "$1 reads $found, not $2"; exit 1
            }
            """;

    @RegisterExtension
    final RealServer server = new RealServer();

    @BeforeAll
    static void require() {
        NfsClient.require();
    }

    private Guest start(String version, String script) throws Exception {
        NfsClient client = server.client().version(version).with("--mount", "/mnt/b:client=2");
        return Guest.start(server, client, "b=/mnt/b\n" + FUNCTIONS + script);
    }

    /** The first client reads, the other changes: called back, and cut off. And the server is killed while there is one, and a lock. */
    @Test
    void aReaderIsCalledBackAndIsNotWaitedForWhenItIsGone() throws Exception {
        server.start();
        try (Guest guest = start("4.1", """
                echo first >file; : >locked
                delegated file
                step delegated
                echo second >file;  [ "$(cat $b/file)" = second ]
                step called-back
                delegated file
                # A client returns in time what it does not use.
                exec 7<$b/file
                exec 9>$b/locked
                flock -n 9
                step held
                # The first request after the restart has the client reclaim what it held.
                stat $b/nothing 2>/dev/null || :
                [ "$(cat $b/file)" = second ]
                if flock -n locked true; then echo 'two have the lock'; exit 1; fi
                step reclaimed
                ip -n c2 link set mv2 down
                timeout 100 sh -c 'echo third >file'
                step revoked
                ip -n c2 link set mv2 up
                # It knows by its next renewal of the lease, and till then believes its cache.
                exec 7<&-
                reads file third
                """)) {
            guest.awaitStep("delegated");
            assertThat(server.metric("cairn_delegations_held")).isPositive();
            assertThat(server.metric("cairn_delegations_recalled_total")).isZero();
            guest.go("delegated");
            guest.awaitStep("called-back");
            assertThat(server.metric("cairn_delegations_recalled_total")).isPositive();
            assertThat(server.metric("cairn_delegations_revoked_total")).isZero();
            guest.go("called-back");
            guest.awaitStep("held");
            server.kill9();
            server.startAgain();
            guest.go("held");
            guest.awaitStep("reclaimed");
            assertThat(server.metric("cairn_delegations_held")).isPositive();
            guest.go("reclaimed");
            guest.awaitStep("revoked");
            assertThat(server.metric("cairn_delegations_revoked_total")).isPositive();
            guest.go("revoked");
            guest.succeeds();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.1", "4.0"})
    void everyWayToChangeAFileCallsItsReaderBack(String version) throws Exception {
        assumeTrue(Boolean.getBoolean("cairn.long"), "a minute of contended files: with -Dcairn.long=true");
        server.start();
        try (Guest guest = start(version, """
                echo first >file
                delegated file
                step delegated
                echo second >file;  [ "$(cat $b/file)" = second ]
                delegated file
                chmod 600 file;     exec 8<$b/file; [ "$(stat -c %a $b/file)" = 600 ]; exec 8<&-
                delegated file
                mv file moved;      [ "$(cat $b/moved)" = second ]
                delegated moved
                step called-back
                # The reader changes it itself.
                echo third >$b/moved; [ "$(cat moved)" = third ]
                delegated moved
                # And is cut off.
                ip -n c2 link set mv2 down
                timeout 100 sh -c 'echo fourth >moved'
                step revoked
                ip -n c2 link set mv2 up
                reads moved fourth
                echo fifth >moved
                reads moved fifth
                """)) {
            guest.awaitStep("delegated");
            assertThat(server.metric("cairn_delegations_held")).isPositive();
            guest.go("delegated");
            guest.awaitStep("called-back");
            assertThat(server.metric("cairn_delegations_recalled_total")).isGreaterThanOrEqualTo(3);
            assertThat(server.metric("cairn_delegations_revoked_total")).isZero();
            guest.go("called-back");
            guest.awaitStep("revoked");
            // A 4.0 client cannot be told of one delegation: it loses everything, which is no revocation.
            assertThat(server.metric("cairn_delegations_revoked_total")).isEqualTo(version.equals("4.0") ? 0 : 1);
            guest.go("revoked");
            guest.succeeds();
        }
    }
}
