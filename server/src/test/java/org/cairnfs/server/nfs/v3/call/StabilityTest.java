package org.cairnfs.server.nfs.v3.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.cairnfs.core.testkit.Shell;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.v3.testing.Calls;
import org.cairnfs.server.nfs.v3.testing.Calls.Sattr;
import org.cairnfs.server.nfs.v3.testing.Nfs3Client;
import org.cairnfs.server.nfs.v3.testing.Nfs3Fixture;
import org.cairnfs.server.nfs.v4.testing.PlayedJournal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With version 3, too, a change is answered when it survives power loss, and as failed when it cannot be made to. */
class StabilityTest {
    private final PlayedJournal journal = new PlayedJournal();
    private Nfs3Fixture server;
    private Nfs3Client client;

    @BeforeEach
    void start() throws Exception {
        server = new Nfs3Fixture(journal);
        client = server.root();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void whatWasChangedIsSyncedBeforeTheReply() throws Exception {
        client.call(Calls.mkDir(client.root(), "a", Sattr.mode(0755))).ok();
        assertThat(journal.synced()).isEqualTo(1);
        client.call(Calls.rmDir(client.root(), "a")).ok();
        assertThat(journal.synced()).isEqualTo(2);
        journal.diskFails(true);
        assertThat(client.call(Calls.mkDir(client.root(), "b", Sattr.mode(0755)))
                        .status())
                .isEqualTo(Nfs3Status.IO);
    }

    @Test
    void anAsyncExportAnswersBeforeThat() throws Exception {
        server.exportAsync();
        client.call(Calls.mkDir(client.root(), "a", Sattr.mode(0755))).ok();
        assertThat(journal.journaled()).isEqualTo(1);
        assertThat(journal.synced()).isZero();
    }

    /** UNSTABLE, DATA_SYNC, FILE_SYNC: of the last two also where the export is async. */
    @ParameterizedTest
    @CsvSource({"0, false, 0", "1, false, 1", "2, false, 1", "0, true, 0", "1, true, 1", "2, true, 1"})
    void aWriteIsSyncedBeforeTheReplyIfItIsToBeStable(int stable, boolean async, long synced) throws Exception {
        new Shell(server.fileSystem()).touch("/file", 0666);
        if (async) {
            server.exportAsync();
        }
        byte[] file = client.call(Calls.lookup(client.root(), "file")).ok().handle();
        client.call(Calls.write(file, 0, stable, new byte[10])).ok();
        assertThat(journal.journaled()).isEqualTo(1);
        assertThat(journal.synced()).isEqualTo(synced);
        journal.diskFails(true);
        assertThat(client.call(Calls.write(file, 10, stable, new byte[10])).status())
                .isEqualTo(synced == 0 ? Nfs3Status.OK : Nfs3Status.IO);
    }
}
