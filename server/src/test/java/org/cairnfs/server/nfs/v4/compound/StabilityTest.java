package org.cairnfs.server.nfs.v4.compound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.v4.testing.Ops.getAttr;
import static org.cairnfs.server.nfs.v4.testing.Ops.lookup;
import static org.cairnfs.server.nfs.v4.testing.Ops.mkdir;
import static org.cairnfs.server.nfs.v4.testing.Ops.putRootFh;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.testing.Fattr;
import org.cairnfs.server.nfs.v4.testing.Nfs4Fixture;
import org.cairnfs.server.nfs.v4.testing.Nfs4TestClient;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Reply;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.cairnfs.server.nfs.v4.testing.Verbs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A change is answered when it survives power loss, and as failed when it cannot be made to. */
class StabilityTest {
    private static final Set<String> CHANGES = Set.of("create", "remove", "setattr");

    private final AtomicLong journaled = new AtomicLong();
    private final AtomicLong synced = new AtomicLong();
    private volatile boolean diskFails;
    private final Nfs4Fixture server = new Nfs4Fixture(this::withJournal);
    private final Nfs4TestClient client = server.client();

    @AfterEach
    void close() {
        server.close();
    }

    private FileSystem withJournal(FileSystem model) {
        return Verbs.intercepted(model, (verb, arguments, usual) -> {
            if (verb.equals("awaitStable")) {
                if (diskFails) {
                    throw new FsException(Errno.EIO, "the disk fails as the test wants it");
                }
                synced.accumulateAndGet((Long) arguments[0], Math::max);
            }
            Object result = usual.call();
            if (CHANGES.contains(verb)) {
                ((OpContext) arguments[0]).noteJournaled(journaled.incrementAndGet());
            }
            return result;
        });
    }

    @Test
    void whatWasChangedIsSyncedOnceBeforeTheReply() throws Exception {
        Reply reply = client.call(0, putRootFh(), mkdir("a", Fattr.none()), putRootFh(), mkdir("b", Fattr.none()));
        assertThat(reply.status()).isEqualTo(NfsStatus.OK);
        assertThat(synced).hasValue(2);
    }

    @Test
    void aChangeThatCannotBeSyncedIsAnIoErrorAndWhatCameAfterItIsNotAnswered() throws Exception {
        diskFails = true;
        Reply reply = client.call(0, putRootFh(), mkdir("made", Fattr.none()), getAttr(Attr.TYPE, Attr.FILEID));

        assertThat(reply.status()).isEqualTo(NfsStatus.IO);
        reply.ok(OpCode.PUTROOTFH);
        assertThat(reply.next(OpCode.CREATE)).isEqualTo(NfsStatus.IO);
        reply.end();
    }

    @Test
    void noLaterErrorHidesIt() throws Exception {
        diskFails = true;
        Reply reply = client.call(0, putRootFh(), mkdir("made", Fattr.none()), lookup("nothing"));
        assertThat(reply.status()).isEqualTo(NfsStatus.IO);
        reply.ok(OpCode.PUTROOTFH);
        assertThat(reply.next(OpCode.CREATE)).isEqualTo(NfsStatus.IO);
        reply.end();
    }

    @Test
    void aCompoundThatIsCutOffIsSyncedToo() throws Exception {
        client.send(Nfs4TestClient.encode("", 0, 3, List.of(putRootFh(), mkdir("made", Fattr.none()))));
        assertThat(synced).hasValue(1);
        diskFails = true;
        Reply reply = client.send(Nfs4TestClient.encode("", 0, 3, List.of(putRootFh(), mkdir("more", Fattr.none()))));
        assertThat(reply.status()).isEqualTo(NfsStatus.IO);
    }

    /** The result of SETATTR has the set of attributes also when it failed (RFC 8881 section 18.30.2). */
    @Test
    void aFailedSetAttrHasItsWholeResult() throws Exception {
        diskFails = true;
        Reply reply = client.call(0, putRootFh(), Ops.setAttr(Stateid.ANONYMOUS, Fattr.mode(0700)));
        assertThat(reply.status()).isEqualTo(NfsStatus.IO);
        reply.ok(OpCode.PUTROOTFH);
        assertThat(reply.next(OpCode.SETATTR)).isEqualTo(NfsStatus.IO);
        assertThat(reply.bitmap().isEmpty()).isTrue();
        reply.end();
    }

    @Test
    void inASessionTheSameErrorIsInTheReplyCache() throws Exception {
        Session41 session = Session41.open(server.connection(), "client");
        diskFails = true;
        Op[] operations = {putRootFh(), mkdir("made", Fattr.none()), getAttr(Attr.TYPE)};
        assertThat(session.run(operations).status()).isEqualTo(NfsStatus.IO);
        diskFails = false;
        Reply again = session.resend(false, operations).ok(OpCode.PUTROOTFH);
        assertThat(again.next(OpCode.CREATE)).isEqualTo(NfsStatus.IO);
        again.end();
    }

    @Test
    void whatChangesNothingIsAnsweredWhateverTheDiskDoes() throws Exception {
        diskFails = true;
        assertThat(client.call(0, putRootFh(), getAttr(Attr.TYPE)).status()).isEqualTo(NfsStatus.OK);
    }
}
