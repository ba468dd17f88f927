package org.cairnfs.server.e2e;

import org.cairnfs.server.testing.NfsClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots by the real Linux client, without any tool but mkdir, rmdir and mv; through a restart that kills the server. */
class SnapshotsIT {
    private static final String SCRIPT = """
            refused() { # refused COMMAND...
                if "$@" 2>/tmp/said; then echo "$* was not refused"; exit 1; fi
                grep -qE "$why" /tmp/said || { cat /tmp/said; exit 1; }
            }
            mkdir -p dir/sub
            echo one >dir/sub/file; echo gone >dir/gone; ln -s file dir/sub/link; ln dir/sub/file dir/hard
            dd if=/dev/urandom of=large bs=1M count=6 status=none
            sum=$(sha256sum <large)
            mkdir .snapshots/first
            echo two >dir/sub/file; rm dir/gone; mv dir/sub dir/moved
            printf changed | dd of=large bs=1 seek=3000000 conv=notrunc status=none
            sync
            # what was, and what is
            test "$(cat .snapshots/first/dir/sub/file)" = one
            test "$(cat .snapshots/first/dir/gone)" = gone
            test "$(cat .snapshots/first/dir/sub/link)" = one
            test "$(sha256sum <.snapshots/first/large)" = "$sum"
            test "$(cat dir/moved/file)" = two
            test "$(stat -c %h .snapshots/first/dir/hard)" = 2
            test "$(find .snapshots/first | wc -l)" = 8
            # hidden, and found in every directory
            ! ls -A | grep snapshots
            test "$(readlink dir/moved/.snapshots/first)" = ../../../.snapshots/first/dir/sub
            test "$(cat dir/moved/.snapshots/first/file)" = one
            test "$(ls .snapshots)" = first
            # nothing changes there
            why='Read-only file system|Permission denied|Operation not permitted'
            refused touch .snapshots/first/new
            refused rm -f .snapshots/first/dir/gone
            refused mv .snapshots/first/large .snapshots/first/other
            refused chmod 600 .snapshots/first/large
            refused sh -c 'echo x >>.snapshots/first/large'
            why='Invalid cross-device link|Read-only file system'
            refused ln .snapshots/first/large here
            why='File exists'
            refused mkdir .snapshots/first
            # taken back
            cp -a .snapshots/first/dir/gone dir/
            cmp .snapshots/first/dir/gone dir/gone
            mv .snapshots/first .snapshots/kept
            mkdir .snapshots/second
            test "$(ls .snapshots | tr '\\n' ' ')" = 'kept second '
            exec 5<.snapshots/second/large
            rmdir .snapshots/second
            test "$(ls .snapshots)" = kept
            step killed
            echo 3 >/proc/sys/vm/drop_caches
            test "$(sha256sum <.snapshots/kept/large)" = "$sum"
            test "$(cat dir/moved/.snapshots/kept/file)" = one
            rmdir .snapshots/kept
            test "$(cat dir/moved/file)" = two
            """;

    @RegisterExtension
    final RealServer server = new RealServer();

    @BeforeAll
    static void require() {
        NfsClient.require();
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.2", "4.0", "3"})
    void whatWasIsThere(String version) throws Exception {
        server.start();
        try (Guest guest = Guest.start(server, server.client().version(version), SCRIPT)) {
            guest.awaitStep("killed");
            server.kill9();
            server.startAgain();
            guest.go("killed");
            guest.succeeds();
        }
    }
}
