package org.cairnfs.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.cairnfs.server.testing.CairnProcess;
import org.cairnfs.server.testing.NfsClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two servers over one storage, one of which only reads it, and a real client of both. */
class ReadOnlyServerIT {
    /** What the guest is at is the reader; it mounts the writer, and the reader without caching and by version 3, by itself. */
    private static final String SCRIPT = """
            writer=%d reader=%d
            at=$(mktemp -d)
            mkdir $at/w $at/r $at/v3
            mount -t nfs4 -o vers=4.1,port=$writer $NFS_SERVER:/ $at/w
            mount -t nfs4 -o vers=4.1,port=$reader,noac $NFS_SERVER:/ $at/r
            mount -t nfs -o vers=3,nolock,tcp,port=$reader,mountport=$reader,mountproto=tcp,noac $NFS_SERVER:/ $at/v3
            refused() { # refused COMMAND...
                if "$@" 2>$at/said; then echo "$* was not refused"; exit 1; fi
                grep -qE "$why" $at/said || { cat $at/said; exit 1; }
            }
            sees() { # sees FILE TEXT
                until [ "$(cat "$1" 2>/dev/null)" = "$2" ]; do sleep 0.2; done
            }
            mkdir $at/w/dir
            echo first >$at/w/file
            sees $at/r/file first
            sees $at/v3/file first
            exec 5<$at/r/file
            for mount in $at/r $at/v3; do
                why='Read-only file system'
                refused touch $mount/new
                refused mkdir $mount/new
                refused rm -f $mount/file
                refused rmdir $mount/dir
                refused mv $mount/file $mount/other
                refused ln $mount/file $mount/other
                refused chmod 600 $mount/file
                # With version 3 the client asks by ACCESS before, and is not granted to write.
                [ $mount = $at/v3 ] && why='Permission denied|Read-only file system'
                refused dd if=/dev/zero of=$mount/file bs=1 count=1 conv=notrunc
                refused truncate -s 0 $mount/file
                df $mount >/dev/null
            done
            echo second >$at/w/file
            sees $at/r/file second
            sees $at/v3/file second
            [ "$(cat <&5)" = second ]
            rm $at/w/file
            until ! ls $at/r/file 2>/dev/null; do sleep 0.2; done
            umount $at/w
            """;

    @RegisterExtension
    final RealServer server = new RealServer("barrier-interval = 1s");

    @BeforeAll
    static void require() {
        NfsClient.require();
    }

    @Test
    void whatOneWritesTheOtherShowsAndChangesNothing() throws Exception {
        server.start();
        server.flush();
        try (CairnProcess reader = server.startReader()) {
            Guest.run(server, NfsClient.at(reader.port()), SCRIPT.formatted(server.port(), reader.port()));
            assertThat(reader.terminate().code()).as(reader.log()).isZero();
        }
        server.terminate();
    }
}
