package org.cairnfs.server.nfs.v4.compound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.v4.testing.Ops.getAttr;
import static org.cairnfs.server.nfs.v4.testing.Ops.lookup;
import static org.cairnfs.server.nfs.v4.testing.Ops.mkdir;
import static org.cairnfs.server.nfs.v4.testing.Ops.putRootFh;

import java.util.List;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.testing.Fattr;
import org.cairnfs.server.nfs.v4.testing.Nfs4Fixture;
import org.cairnfs.server.nfs.v4.testing.Nfs4TestClient;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.PlayedJournal;
import org.cairnfs.server.nfs.v4.testing.Reply;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A change is answered when it survives power loss, and as failed when it cannot be made to. */
class StabilityTest {
    private final PlayedJournal journal = new PlayedJournal();
    private final Nfs4Fixture server = new Nfs4Fixture(journal);
    private final Nfs4TestClient client = server.client();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void whatWasChangedIsSyncedOnceBeforeTheReply() throws Exception {
        Reply reply = client.call(0, putRootFh(), mkdir("a", Fattr.none()), putRootFh(), mkdir("b", Fattr.none()));
        assertThat(reply.status()).isEqualTo(NfsStatus.OK);
        assertThat(journal.synced()).isEqualTo(2);
    }

    @Test
    void anAsyncExportAnswersBeforeThat() throws Exception {
        server.exportAsync();
        journal.diskFails(true);
        assertThat(client.call(0, putRootFh(), mkdir("a", Fattr.none())).status())
                .isEqualTo(NfsStatus.OK);
        assertThat(journal.journaled()).isEqualTo(1);
        assertThat(journal.synced()).isZero();
    }

    /** UNSTABLE4, DATA_SYNC4, FILE_SYNC4: of the last two also where the export is async. */
    @ParameterizedTest
    @CsvSource({"0, false, 0", "1, false, 2", "2, false, 2", "0, true, 0", "1, true, 2", "2, true, 2"})
    void aWriteIsSyncedBeforeTheReplyIfItIsToBeStable(int stable, boolean async, long synced) throws Exception {
        Shell shell = new Shell(server.fileSystem());
        shell.touch("/file", 0666);
        if (async) {
            server.exportAsync();
        }
        Op[] writes = {
            putRootFh(),
            lookup("file"),
            Ops.write(Stateid.ANONYMOUS, 0, stable, new byte[10]),
            Ops.write(Stateid.ANONYMOUS, 10, stable, new byte[10])
        };
        assertThat(client.call(0, writes).status()).isEqualTo(NfsStatus.OK);
        assertThat(journal.journaled()).isEqualTo(2);
        assertThat(journal.synced()).isEqualTo(synced);
        journal.diskFails(true);
        assertThat(client.call(0, writes).status()).isEqualTo(synced == 0 ? NfsStatus.OK : NfsStatus.IO);
    }

    @Test
    void aChangeThatCannotBeSyncedIsAnIoErrorAndWhatCameAfterItIsNotAnswered() throws Exception {
        journal.diskFails(true);
        Reply reply = client.call(0, putRootFh(), mkdir("made", Fattr.none()), getAttr(Attr.TYPE, Attr.FILEID));

        assertThat(reply.status()).isEqualTo(NfsStatus.IO);
        reply.ok(OpCode.PUTROOTFH);
        assertThat(reply.next(OpCode.CREATE)).isEqualTo(NfsStatus.IO);
        reply.end();
    }

    @Test
    void noLaterErrorHidesIt() throws Exception {
        journal.diskFails(true);
        Reply reply = client.call(0, putRootFh(), mkdir("made", Fattr.none()), lookup("nothing"));
        assertThat(reply.status()).isEqualTo(NfsStatus.IO);
        reply.ok(OpCode.PUTROOTFH);
        assertThat(reply.next(OpCode.CREATE)).isEqualTo(NfsStatus.IO);
        reply.end();
    }

    @Test
    void aCompoundThatIsCutOffIsSyncedToo() throws Exception {
        client.send(Nfs4TestClient.encode("", 0, 3, List.of(putRootFh(), mkdir("made", Fattr.none()))));
        assertThat(journal.synced()).isEqualTo(1);
        journal.diskFails(true);
        Reply reply = client.send(Nfs4TestClient.encode("", 0, 3, List.of(putRootFh(), mkdir("more", Fattr.none()))));
        assertThat(reply.status()).isEqualTo(NfsStatus.IO);
    }

    /** The result of SETATTR has the set of attributes also when it failed (RFC 8881 section 18.30.2). */
    @Test
    void aFailedSetAttrHasItsWholeResult() throws Exception {
        journal.diskFails(true);
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
        journal.diskFails(true);
        Op[] operations = {putRootFh(), mkdir("made", Fattr.none()), getAttr(Attr.TYPE)};
        assertThat(session.run(operations).status()).isEqualTo(NfsStatus.IO);
        journal.diskFails(false);
        Reply again = session.resend(false, operations).ok(OpCode.PUTROOTFH);
        assertThat(again.next(OpCode.CREATE)).isEqualTo(NfsStatus.IO);
        again.end();
    }

    @Test
    void whatChangesNothingIsAnsweredWhateverTheDiskDoes() throws Exception {
        journal.diskFails(true);
        assertThat(client.call(0, putRootFh(), getAttr(Attr.TYPE)).status()).isEqualTo(NfsStatus.OK);
    }
}
