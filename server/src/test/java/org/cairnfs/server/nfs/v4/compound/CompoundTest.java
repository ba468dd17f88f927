package org.cairnfs.server.nfs.v4.compound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairnfs.server.nfs.v4.testing.Ops.getFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.mkdir;
import static org.cairnfs.server.nfs.v4.testing.Ops.putRootFh;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.testing.Fattr;
import org.cairnfs.server.nfs.v4.testing.Nfs4Fixture;
import org.cairnfs.server.nfs.v4.testing.Nfs4TestClient;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Reply;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** COMPOUND itself: versions, tags, what exists where, and arguments that are not what they claim to be. */
class CompoundTest {
    private final Nfs4Fixture server = new Nfs4Fixture();
    private final Nfs4TestClient client = server.client();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void theTagComesBack() throws Exception {
        Reply reply = client.call("häl\0lo", 0, List.of(putRootFh()));

        assertThat(reply.tag()).isEqualTo("häl\0lo".getBytes(StandardCharsets.UTF_8));
        reply.ok(OpCode.PUTROOTFH).end();
    }

    @Test
    void nothingToDoIsDone() throws Exception {
        for (int minor = 0; minor <= 2; minor++) {
            Reply reply = client.call(minor);
            assertThat(reply.status()).isEqualTo(NfsStatus.OK);
            reply.end();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, -1})
    void otherMinorVersionsAreRefusedAsAWhole(int minor) throws Exception {
        Reply reply = client.call("tag", minor, List.of(putRootFh(), getFh()));

        assertThat(reply.status()).isEqualTo(NfsStatus.MINOR_VERS_MISMATCH);
        assertThat(reply.tag()).isEqualTo("tag".getBytes(StandardCharsets.UTF_8));
        assertThat(reply.count()).isZero();
    }

    @Test
    void theFirstErrorEndsIt() throws Exception {
        Reply reply = client.call(0, putRootFh(), Ops.lookup("nothing"), mkdir("made", Fattr.none()));

        assertThat(reply.count()).isEqualTo(2);
        assertThat(reply.status()).isEqualTo(NfsStatus.NOENT);
        reply.ok(OpCode.PUTROOTFH);
        assertThat(reply.next(OpCode.LOOKUP)).isEqualTo(NfsStatus.NOENT);
        reply.end();
        assertThat(client.call(0, putRootFh(), Ops.lookup("made")).status()).isEqualTo(NfsStatus.NOENT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 40, 53, 59, 76, 10044, -1, Integer.MAX_VALUE})
    void operationsThatAreNoneAreIllegal(int number) throws Exception {
        Reply reply = client.call(0, putRootFh(), Op.of(number, out -> {}));

        reply.ok(OpCode.PUTROOTFH);
        assertThat(reply.next(OpCode.ILLEGAL)).isEqualTo(NfsStatus.OP_ILLEGAL);
        reply.end();
    }

    @Test
    void whatTheServerDoesNotHaveIsNotSupported() throws Exception {
        Reply reply = client.call(0, putRootFh(), Op.of(OpCode.DELEGPURGE, out -> out.writeHyper(0)));
        reply.ok(OpCode.PUTROOTFH);
        assertThat(reply.next(OpCode.DELEGPURGE)).isEqualTo(NfsStatus.NOTSUPP);
    }

    @Test
    void anyNumberOfOperationsUpToTheLimit() throws Exception {
        assertThat(client.call("", 0, Collections.nCopies(128, putRootFh())).status())
                .isEqualTo(NfsStatus.OK);
        Reply reply = client.call("", 0, Collections.nCopies(129, putRootFh()));
        assertThat(reply.status()).isEqualTo(NfsStatus.RESOURCE);
        assertThat(reply.count()).isZero();
        XdrWriter boast = Nfs4TestClient.encode("", 0, -1, List.of(putRootFh()));
        assertThat(client.send(boast).status()).isEqualTo(NfsStatus.RESOURCE);
    }

    @Test
    void fewerOperationsThanClaimedEndWithBadXdr() throws Exception {
        Reply reply = client.send(Nfs4TestClient.encode("", 0, 3, List.of(putRootFh(), getFh())));

        assertThat(reply.status()).isEqualTo(NfsStatus.BADXDR);
        reply.ok(OpCode.PUTROOTFH, OpCode.GETFH).handle();
        reply.end();
    }

    @Test
    void aCompoundThatIsCutOffAnywhereIsAnsweredOrRefused() throws Exception {
        byte[] whole = Nfs4TestClient.encode(
                        "tag",
                        0,
                        3,
                        List.of(putRootFh(), mkdir("d", Fattr.mode(0755)), Ops.getAttr(Attr.TYPE, Attr.MODE)))
                .toByteArray();
        for (int length = 0; length < whole.length; length++) {
            XdrWriter cut = new XdrWriter(whole.length);
            cut.writeFixedOpaque(java.util.Arrays.copyOf(whole, length - length % 4));
            if (length < 16) {
                assertThatThrownBy(() -> client.send(cut)).isInstanceOf(XdrException.class);
            } else {
                assertThat(client.send(cut).status()).as("%d bytes", length).isIn(NfsStatus.BADXDR, NfsStatus.EXIST);
            }
        }
    }

    @Test
    void garbageNeverMakesTheServerFail() throws Exception {
        byte[] whole = Nfs4TestClient.encode(
                        "tag",
                        0,
                        4,
                        List.of(
                                putRootFh(),
                                mkdir("d", Fattr.mode(0755).owner("0")),
                                Ops.getAttr(Attr.TYPE, Attr.MODE),
                                Ops.readDir(0, 0, 100, 4096, Attr.TYPE)))
                .toByteArray();
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] garbled = whole.clone();
            for (int flips = random.nextInt(6); flips >= 0; flips--) {
                garbled[random.nextInt(garbled.length)] = (byte) random.nextInt();
            }
            XdrWriter out = new XdrWriter(garbled.length);
            out.writeFixedOpaque(garbled);
            try {
                assertThat(client.send(out).status()).isNotEqualTo(NfsStatus.SERVERFAULT);
            } catch (XdrException e) {
                assertThat(e).hasMessageNotContaining("null");
            }
        }
    }
}
