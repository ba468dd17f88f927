package org.cairnfs.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.cairnfs.server.testing.NfsClient;
import org.cairnfs.server.testing.NfsClient.Result;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trees that are locked, or have a quota, as root of a machine with the real Linux client finds them. */
class LocksAndQuotasIT {
    @RegisterExtension
    final RealServer server = new RealServer();

    private void run(String version, String script) throws Exception {
        Result result = server.client().version(version).run(script);
        assertThat(result.status()).as(result.out() + result.err()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "4.2"})
    void linuxGetsTheErrorsOfALocalFileSystem(String version) throws Exception {
        NfsClient.require();
        server.start();
        run(version, """
            set -eu
            mkdir locked locked/sub limited free
            echo kept >locked/file; echo small >limited/small; echo free >free/file
            """);
        server.command("lock", "/locked");
        server.command("quota", "set", "/limited", "--bytes", "2M", "--inodes", "10");
        run(version, """
            set -u
            fails() { # fails MESSAGE COMMAND: it must fail so
                message=$1; shift
                if said=$(sh -c "$*" 2>&1); then echo "this worked: $*"; exit 1; fi
                case $said in *"$message"*) ;; *) echo "$*: $said"; exit 1 ;; esac
            }
            no="Operation not permitted"
            grep -q vers=3 /proc/mounts && open="Permission denied" || open=$no # of 3, the client asks before (ACCESS)
            test "$(cat locked/file)" = kept || exit 1
            fails "$open" 'echo x >locked/file'
            fails "$open" 'echo x >>locked/file'
            fails "$open" 'truncate -s 1 locked/file'
            fails "$no" 'chmod 600 locked/file'
            fails "$no" 'chown 1 locked/file'
            fails "$no" 'touch -c -d 2001-01-01 locked/file'
            fails "$no" 'rm -f locked/file'
            fails "$no" 'rmdir locked/sub'
            fails "$no" 'touch locked/new'
            fails "$no" 'mkdir locked/sub/new'
            fails "$no" 'ln -s x locked/new'
            fails "$no" 'mv locked/file free/'
            fails "$no" 'mv free/file locked/'
            fails "$no" 'mv locked moved'
            fails "$no" 'ln locked/file free/hard'
            test "$(cat locked/file)" = kept || exit 1

            test $(($(stat -f -c '%b * %S' limited))) = 2097152 || { stat -f limited; exit 1; }
            test $(stat -f -c %c limited) = 10 || { stat -f limited; exit 1; }
            full="Disk quota exceeded"
            fails "$full" 'dd if=/dev/zero of=limited/big bs=1M count=3 conv=fsync'
            rm limited/big || exit 1
            fails "$full" 'for i in 1 2 3 4 5 6 7 8 9; do touch limited/$i || exit 1; done'
            fails "Invalid cross-device link" 'ln limited/small free/hard'
            fails "Invalid cross-device link" 'ln free/file limited/hard'
            rm limited/1 limited/2 || exit 1
            mv free/file limited/ && test "$(cat limited/file)" = free || exit 1
            """);
        assertThat(server.command("quota", "list")).contains("of 2.0 MiB, 9 inodes of 10");
    }
}
