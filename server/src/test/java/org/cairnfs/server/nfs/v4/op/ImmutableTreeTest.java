package org.cairnfs.server.nfs.v4.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.v4.testing.Ops.link;
import static org.cairnfs.server.nfs.v4.testing.Ops.mkdir;
import static org.cairnfs.server.nfs.v4.testing.Ops.putFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.remove;
import static org.cairnfs.server.nfs.v4.testing.Ops.rename;
import static org.cairnfs.server.nfs.v4.testing.Ops.saveFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.setAttr;
import static org.cairnfs.server.nfs.v4.testing.Ops.symlink;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.XattrFlag;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.core.testkit.VerbsSubject;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.testing.Client40;
import org.cairnfs.server.nfs.v4.testing.Fattr;
import org.cairnfs.server.nfs.v4.testing.Nfs4Fixture;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Ops42;
import org.cairnfs.server.nfs.v4.testing.Reply;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.cairnfs.server.nfs.v4.testing.Session41.OpenFile;
import org.cairnfs.server.nfs.v4.testing.StateOps;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation of each minor version that could change a locked tree gets PERM; the real verbs are served. */
class ImmutableTreeTest {
    private static final byte[] X = {'x'};

    private final VerbsSubject subject = VerbsSubject.inMemory(new FakeClock());
    private final Nfs4Fixture server = new Nfs4Fixture(model -> subject.fileSystem());
    private final Shell shell = new Shell(subject.fileSystem());
    private Peer peer;
    private OpenFile open;

    /** A client of some version. */
    private interface Peer {
        Reply run(Op... operations) throws Exception;

        /** An OPEN of a name in the current directory. */
        Op open(int access, Op.Arguments how, String name);

        OpenFile create(String name) throws Exception;
    }

    @AfterEach
    void close() {
        server.close();
        subject.close();
    }

    private Peer connect(int minor) throws Exception {
        if (minor == 0) {
            Client40 client = Client40.open(server.connection(), "client");
            return new Peer() {
                @Override
                public Reply run(Op... operations) throws Exception {
                    return client.run(operations);
                }

                @Override
                public Op open(int access, Op.Arguments how, String name) {
                    return StateOps.open(
                            client.nextSeqid(), access, 0, client.id(), Client40.OWNER, how, StateOps.claimNull(name));
                }

                @Override
                public OpenFile create(String name) throws Exception {
                    return client.create(name);
                }
            };
        }
        Session41 session = minor == 1
                ? Session41.open(server.connection(), "client")
                : Session41.open42(server.connection(), "client");
        return new Peer() {
            @Override
            public Reply run(Op... operations) throws Exception {
                return session.run(operations);
            }

            @Override
            public Op open(int access, Op.Arguments how, String name) {
                return StateOps.open(access, 0, "owner", how, StateOps.claimNull(name));
            }

            @Override
            public OpenFile create(String name) throws Exception {
                return session.create(name);
            }
        };
    }

    private byte[] handle(String... path) throws Exception {
        Op[] operations = new Op[path.length + 2];
        operations[0] = Ops.putRootFh();
        for (int i = 0; i < path.length; i++) {
            operations[i + 1] = Ops.lookup(path[i]);
        }
        operations[path.length + 1] = Ops.getFh();
        Reply reply = peer.run(operations).ok(OpCode.PUTROOTFH);
        for (int i = 0; i < path.length; i++) {
            reply.ok(OpCode.LOOKUP);
        }
        return reply.ok(OpCode.GETFH).handle();
    }

    /** tree/file, also named outside and open; tree/dir; free/other. */
    private void plantAndLock(int minor) throws Exception {
        shell.mkdir("/tree", 0777);
        shell.mkdir("/tree/dir", 0777);
        shell.mkdir("/free", 0777);
        shell.touch("/tree/file", 0666);
        shell.write("/tree/file", 0, "text");
        shell.touch("/free/other", 0666);
        shell.write("/free/other", 0, "other");
        shell.link("/tree/file", "/outside");
        subject.fileSystem()
                .setXattr(shell.op(), shell.at("/tree/file"), Name.of("user.x"), Bytes.EMPTY, XattrFlag.EITHER);
        peer = connect(minor);
        open = peer.create("outside");
        subject.treeLocking().lock(shell.at("/tree").inode(), 0);
        subject.work().drain();
    }

    private Map<String, Op[]> changes(int minor) throws Exception {
        byte[] root = handle();
        byte[] tree = handle("tree");
        byte[] file = handle("tree", "file");
        byte[] free = handle("free");
        byte[] other = handle("free", "other");
        Stateid writer = open.stateid();
        Map<String, Op[]> all = new LinkedHashMap<>();
        all.put("write of an open file", ops(putFh(file), Ops.write(writer, 0, Ops.UNSTABLE, X)));
        all.put("write", ops(putFh(file), Ops.write(Stateid.ANONYMOUS, 0, Ops.FILE_SYNC, X)));
        all.put("truncate of an open file", ops(putFh(file), setAttr(writer, Fattr.size(0))));
        all.put("truncate", ops(putFh(file), setAttr(Stateid.ANONYMOUS, Fattr.size(0))));
        all.put("chmod", ops(putFh(file), setAttr(Stateid.ANONYMOUS, Fattr.mode(0600))));
        all.put(
                "chown",
                ops(putFh(file), setAttr(Stateid.ANONYMOUS, Fattr.none().owner("7"))));
        all.put(
                "chgrp of the root",
                ops(putFh(tree), setAttr(Stateid.ANONYMOUS, Fattr.none().group("7"))));
        all.put(
                "utimes",
                ops(putFh(file), setAttr(Stateid.ANONYMOUS, Fattr.none().modified(5, 0))));
        all.put(
                "touch",
                ops(putFh(tree), setAttr(Stateid.ANONYMOUS, Fattr.none().accessedNow())));
        all.put("mkdir", ops(putFh(tree), mkdir("new", Fattr.mode(0755))));
        all.put("symlink", ops(putFh(tree), symlink("new", "file")));
        all.put("create", ops(putFh(tree), peer.open(StateOps.BOTH, StateOps.guarded(Fattr.mode(0644)), "new")));
        all.put("create exclusively", ops(putFh(tree), peer.open(StateOps.BOTH, StateOps.exclusive(7), "new")));
        all.put("open for writing", ops(putFh(tree), peer.open(StateOps.WRITE, StateOps.noCreate(), "file")));
        all.put(
                "open for writing, unless it is there",
                ops(putFh(tree), peer.open(StateOps.BOTH, StateOps.unchecked(Fattr.mode(0644)), "file")));
        all.put(
                "open for reading, and truncate",
                ops(putFh(tree), peer.open(StateOps.READ, StateOps.unchecked(Fattr.size(0)), "file")));
        all.put(
                "open for writing by a name outside",
                ops(putFh(root), peer.open(StateOps.WRITE, StateOps.noCreate(), "outside")));
        all.put("unlink", ops(putFh(tree), remove("file")));
        all.put("rmdir", ops(putFh(tree), remove("dir")));
        all.put("unlink of a name outside", ops(putFh(root), remove("outside")));
        all.put("link in", ops(putFh(other), saveFh(), putFh(tree), link("new")));
        all.put("link out", ops(putFh(file), saveFh(), putFh(free), link("new")));
        all.put("rename in", ops(putFh(free), saveFh(), putFh(tree), rename("other", "new")));
        all.put("rename out", ops(putFh(tree), saveFh(), putFh(free), rename("file", "new")));
        all.put("rename within", ops(putFh(tree), saveFh(), putFh(tree), rename("file", "new")));
        all.put("rename of the root", ops(putFh(root), saveFh(), putFh(root), rename("tree", "new")));
        all.put("rename over a name outside", ops(putFh(free), saveFh(), putFh(root), rename("other", "outside")));
        all.put("make a named attribute", namedAttribute(file));
        if (minor == 2) {
            all.put("allocate", ops(putFh(file), Ops42.allocate(writer, 0, 100)));
            all.put("deallocate", ops(putFh(file), Ops42.deallocate(writer, 0, 2)));
            all.put(
                    "clone into",
                    ops(putFh(other), saveFh(), putFh(file), Ops42.cloneRange(Stateid.ANONYMOUS, writer, 0, 0, 0)));
            all.put(
                    "copy into",
                    ops(putFh(other), saveFh(), putFh(file), Ops42.copy(Stateid.ANONYMOUS, writer, 0, 0, 2)));
            all.put("set an attribute", ops(putFh(file), Ops42.setXattr(Ops42.EITHER, "x", X)));
            all.put("set an attribute of the root", ops(putFh(tree), Ops42.setXattr(Ops42.CREATE, "y", X)));
            all.put("remove an attribute", ops(putFh(file), Ops42.removeXattr("x")));
        }
        return all;
    }

    private Op[] namedAttribute(byte[] file) {
        return ops(putFh(file), Ops.openAttr(true), peer.open(StateOps.BOTH, StateOps.unchecked(Fattr.none()), "new"));
    }

    private static Op[] ops(Op... operations) {
        return operations;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void everyChangeIsRefused(int minor) throws Exception {
        plantAndLock(minor);
        long changed = subject.fileSystem().newestChange();
        for (Map.Entry<String, Op[]> change : changes(minor).entrySet()) {
            Reply reply = peer.run(change.getValue());
            assertThat(reply.status()).as(change.getKey()).isEqualTo(NfsStatus.PERM);
        }
        assertThat(subject.fileSystem().newestChange()).as("what is journaled").isEqualTo(changed);
        assertThat(shell.read("/tree/file")).isEqualTo("text");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void readingGoesOn(int minor) throws Exception {
        plantAndLock(minor);
        byte[] file = handle("tree", "file");
        assertThat(peer.run(putFh(file), Ops.read(open.stateid(), 0, 10)).status())
                .isEqualTo(NfsStatus.OK);
        assertThat(peer.run(putFh(handle("tree")), peer.open(StateOps.READ, StateOps.noCreate(), "file"))
                        .status())
                .isEqualTo(NfsStatus.OK);
        assertThat(peer.run(putFh(file), Ops.commit(0, 0)).status()).isEqualTo(NfsStatus.OK);
        var access = peer.run(putFh(file), Ops.access(0x3f))
                .ok(OpCode.PUTFH, OpCode.ACCESS)
                .in();
        access.readInt();
        assertThat(access.readInt())
                .as("READ, LOOKUP, MODIFY, EXTEND, DELETE, EXECUTE")
                .isEqualTo(0x01);
    }
}
