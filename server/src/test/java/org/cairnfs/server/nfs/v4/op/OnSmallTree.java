package org.cairnfs.server.nfs.v4.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.v4.testing.Ops.getFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.lookup;
import static org.cairnfs.server.nfs.v4.testing.Ops.mkdir;
import static org.cairnfs.server.nfs.v4.testing.Ops.putRootFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.symlink;

import java.util.Arrays;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.testing.Fattr;
import org.cairnfs.server.nfs.v4.testing.Nfs4Fixture;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Tests with a server that has a file, an empty directory, and a symbolic link (file, dir, sym -> dir/x) in its root, by
 * compounds of 4.0 that each stand for themselves.
 */
abstract class OnSmallTree {
    final Nfs4Fixture server = new Nfs4Fixture();

    @BeforeEach
    void makeSomething() throws Exception {
        OpContext root = new OpContext(Credentials.ROOT);
        server.fileSystem().create(root, server.fileSystem().root(), Name.of("file"), CreateRequest.file(0644));
        run(putRootFh(), mkdir("dir", Fattr.mode(0755)));
        run(putRootFh(), symlink("sym", "dir/x"));
    }

    @AfterEach
    void close() {
        server.close();
    }

    Reply run(Op... operations) throws Exception {
        return server.client().call(0, operations);
    }

    void expect(NfsStatus status, Op... operations) throws Exception {
        Reply reply = run(operations);
        assertThat(reply.status()).as(Arrays.toString(operations)).isEqualTo(status);
        assertThat(reply.count()).isEqualTo(operations.length);
    }

    byte[] handle(String... path) throws Exception {
        Op[] operations = new Op[path.length + 2];
        operations[0] = putRootFh();
        for (int i = 0; i < path.length; i++) {
            operations[i + 1] = lookup(path[i]);
        }
        operations[path.length + 1] = getFh();
        Reply reply = run(operations).ok(OpCode.PUTROOTFH);
        for (int i = 0; i < path.length; i++) {
            reply.ok(OpCode.LOOKUP);
        }
        return reply.ok(OpCode.GETFH).handle();
    }
}
