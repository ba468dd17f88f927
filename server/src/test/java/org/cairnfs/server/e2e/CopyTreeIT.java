package org.cairnfs.server.e2e;

import org.cairnfs.server.testing.NfsClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A real tree, copied in with {@code cp -a} by a real client while the server is restarted under it, is equal: at once, and to a
 * client that comes after everything was stopped. The long form copies all of /usr/include and /usr/share/doc with either version.
 */
class CopyTreeIT {
    private static final boolean LONG = Boolean.getBoolean("cairn.long");

    @RegisterExtension
    final RealServer server = new RealServer();

    @BeforeAll
    static void require() {
        NfsClient.require();
    }

    @ParameterizedTest
    @CsvSource({"4.1, 10000", "4.0, 1500"})
    void aTreeIsEqualAfterACopyThroughARestart(String version, int entries) throws Exception {
        SourceTree.make(server.share(), LONG ? SourceTree.WHOLE : entries, LONG ? 10_000 : entries);
        server.start();
        try (Guest guest =
                Guest.start(server, server.client().version(version), SourceTree.COPY + SourceTree.COMPARE + """
                exec 9>held
                flock -n 9
                copy copy & cp=$!
                until [ $(find copy 2>/dev/null | wc -l) -gt 300 ]; do sleep 0.2; done
                echo 'the copy is under way'
                wait $cp
                echo "copied in $SECONDS s"
                echo 'still held' >&9
                if flock -n held true; then echo 'the lock was lost'; exit 1; fi
                exec 9>&-
                grep -q 'still held' held
                compare copy
                """)) {
            guest.awaitLine("the copy is under way");
            server.terminate();
            server.startAgain();
            guest.succeeds();
        }

        server.stop();
        server.startAgain();
        Guest.run(server, server.client().version(version), SourceTree.COMPARE + """
                compare copy
                mknod device b 8 17; [ "$(stat -c '%F %t:%T' device)" = 'block special file 8:11' ]
                rm device; rm -r copy; [ "$(ls -A)" = held ]
                """);
    }
}
