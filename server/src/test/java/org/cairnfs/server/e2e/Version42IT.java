package org.cairnfs.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.testkit.Tools;
import org.cairnfs.server.testing.NfsClient;
import org.cairnfs.server.testing.NfsClient.Result;
import org.cairnfs.server.testing.NfsClient.Running;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What NFSv4.2 adds, by the real Linux client: attributes, holes, space, clones and copies, through a restart. */
class Version42IT {
    @RegisterExtension
    final RealServer server = new RealServer();

    @Test
    void linuxUsesWhatVersion42Adds() throws Exception {
        NfsClient.require();
        server.start();
        Tools.require("python3", "package python3");
        try (Running client = server.client().version("4.2").start("""
                set -eu
                grep -q vers=4.2 /proc/mounts
                drop() { echo 3 >/proc/sys/vm/drop_caches; }

                # extended attributes
                touch f; mkdir d
                python3 - <<'END'
                import os
                os.setxattr('f', 'user.color', b'blue')
                os.setxattr('f', 'user.empty', b'')
                os.setxattr('d', 'user.color', b'red')
                os.setxattr('f', 'user.large', bytes(range(256)) * 256)
                for i in range(300):
                    os.setxattr('d', 'user.%s%03d' % ('n' * 100, i), b'v')
                END
                drop
                python3 - <<'END'
                import os, errno
                assert os.getxattr('f', 'user.color') == b'blue'
                assert os.getxattr('d', 'user.color') == b'red'
                assert os.getxattr('f', 'user.large') == bytes(range(256)) * 256
                assert sorted(os.listxattr('f')) == ['user.color', 'user.empty', 'user.large'], os.listxattr('f')
                assert len(os.listxattr('d')) == 301
                os.setxattr('f', 'user.color', b'green', os.XATTR_REPLACE)
                def fails(number, call, *arguments):
                    try:
                        call(*arguments)
                    except OSError as e:
                        assert e.errno == number, e
                    else:
                        assert False, arguments
                fails(errno.EEXIST, os.setxattr, 'f', 'user.color', b'x', os.XATTR_CREATE)
                fails(errno.ENODATA, os.setxattr, 'f', 'user.none', b'x', os.XATTR_REPLACE)
                os.removexattr('f', 'user.empty')
                fails(errno.ENODATA, os.getxattr, 'f', 'user.empty')
                END

                # holes and space
                python3 - <<'END'
                import os
                M = 1 << 20
                fd = os.open('sparse', os.O_RDWR | os.O_CREAT, 0o444)
                os.pwrite(fd, b'a' * M, 3 * M)
                os.pwrite(fd, b'b' * M, 6 * M)
                os.posix_fallocate(fd, 0, 10 * M)
                os.fsync(fd)
                def holes():
                    found, at = [], 0
                    while True:
                        try:
                            at = os.lseek(fd, at, os.SEEK_DATA)
                        except OSError:
                            return found
                        end = os.lseek(fd, at, os.SEEK_HOLE)
                        found.append((at, end))
                        at = end
                assert os.fstat(fd).st_size == 10 * M
                assert holes() == [(3 * M, 4 * M), (6 * M, 7 * M)], holes()
                END
                fallocate -p -o $((6 << 20)) -l $((512 << 10)) sparse
                drop
                python3 - <<'END'
                import os
                M = 1 << 20
                fd = os.open('sparse', os.O_RDONLY)
                assert os.lseek(fd, 4 * M, os.SEEK_DATA) == 6 * M + M // 2
                assert os.lseek(fd, 3 * M, os.SEEK_HOLE) == 4 * M
                assert os.lseek(fd, 7 * M, os.SEEK_HOLE) == 7 * M
                expected = bytes(3 * M) + b'a' * M + bytes(2 * M + M // 2) + b'b' * (M // 2) + bytes(3 * M)
                assert os.pread(fd, 11 * M, 0) == expected
                END

                # clones and copies
                dd if=/dev/urandom of=source bs=1M count=8 status=none
                cp --reflink=always source clone
                cp --reflink=never source plain
                python3 - <<'END'
                import os
                source = os.open('source', os.O_RDONLY)
                target = os.open('copied', os.O_RDWR | os.O_CREAT, 0o600)
                done = 0
                while done < 8 << 20:
                    n = os.copy_file_range(source, target, (8 << 20) - done)
                    assert n > 0
                    done += n
                END
                printf changed | dd of=clone bs=1 seek=5000000 conv=notrunc status=none
                cp source expected
                printf changed | dd of=expected bs=1 seek=5000000 conv=notrunc status=none
                drop
                cmp source plain; cmp source copied; cmp clone expected
                grep -E '^\\s*(CLONE|COPY|SEEK|ALLOCATE|DEALLOCATE|GETXATTR|SETXATTR|LISTXATTRS|REMOVEXATTR):' \\
                    /proc/self/mountstats | awk '$2 > 0 {print $1}' | sort -u | tr -d '\\n'
                echo; sha256sum source clone; sync
                echo done
                while ! test -e /mnt/host/again; do sleep 0.2; done
                drop
                sha256sum source clone
                python3 -c 'import os; print(os.getxattr("f", "user.color"), os.lseek(os.open("sparse", 0), 0, os.SEEK_DATA))'
                """)) {
            Optional<String> done = client.out().awaitLine(line -> line.equals("done"), 240);
            assertThat(done).as(client.out().soFar() + client.err().soFar()).isPresent();
            server.kill9();
            server.startAgain();
            Files.createFile(server.share().resolve("again"));
            Result result = client.await();
            assertThat(result.status()).as(result.out() + result.err()).isZero();
            List<String> lines = result.out().lines().toList();
            assertThat(lines.get(0))
                    .as("the operations that the client sent")
                    .contains("ALLOCATE:", "CLONE:", "COPY:", "DEALLOCATE:", "GETXATTR:", "LISTXATTRS:")
                    .contains("REMOVEXATTR:", "SEEK:", "SETXATTR:");
            assertThat(lines.subList(4, lines.size()))
                    .as("what is there after the server was killed")
                    .containsExactly(lines.get(1), lines.get(2), "b'green' " + (3 << 20));
        }
    }
}
