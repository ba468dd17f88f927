package org.cairnfs.server.nfs.rpc.gss;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.rpc.gss.GssClient.DATA;
import static org.cairnfs.server.nfs.rpc.gss.GssClient.INIT;
import static org.cairnfs.server.nfs.rpc.gss.GssClient.INTEGRITY;
import static org.cairnfs.server.nfs.rpc.gss.GssClient.NONE;
import static org.cairnfs.server.nfs.rpc.gss.GssClient.PRIVACY;
import static org.cairnfs.server.nfs.rpc.gss.GssClient.credential;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.server.nfs.rpc.AuthStat;
import org.cairnfs.server.nfs.rpc.OpaqueAuth;
import org.cairnfs.server.nfs.rpc.gss.GssClient.Initiated;
import org.cairnfs.server.nfs.rpc.gss.GssClient.Reply;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.ietf.jgss.GSSException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol of RFC 2203 over TCP, each refusal of it included; without Kerberos. */
class GssAuthenticatorTest {
    private static final int GARBAGE_ARGS = 4;

    private ServedGss server;
    private GssClient client;

    @BeforeEach
    void start() throws Exception {
        server = new ServedGss(new ToyMechanism(), 20, 4);
        client = connect("user");
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
    }

    private GssClient connect(String name) throws Exception {
        return new GssClient(server.server.address(), initiator(name));
    }

    private static ToyMechanism.ToyContext initiator(String name) throws GSSException {
        ToyMechanism.ToyContext context = new ToyMechanism().newContext();
        context.accept(name.getBytes(UTF_8));
        return context;
    }

    private static byte[] opaque(String text) throws Exception {
        return new XdrWriter(1 << 20).writeUtf8(text).toByteArray();
    }

    private Initiated establish() throws Exception {
        return client.init(INIT, "user".getBytes(UTF_8));
    }

    private void assertServes() throws Exception {
        XdrReader results = client.call(INTEGRITY, ServedGss.ECHO, opaque("still here"));
        assertThat(results.readUtf8(100)).isEqualTo("still here");
    }

    // ---- contexts

    @Test
    void aContextIsMade() throws Exception {
        Initiated made = establish();
        assertThat(made.major()).isZero();
        assertThat(new String(made.token(), UTF_8)).isEqualTo("hello user");
        assertThat(made.window()).isEqualTo(SequenceWindow.SIZE);
        assertThat(made.flavor()).isEqualTo(OpaqueAuth.RPCSEC_GSS);
        initiator("user").verifyMic(made.verifier(), GssProtection.bytes(made.window()));
        assertServes();
    }

    @Test
    void aContextMayTakeSeveralTokens() throws Exception {
        Initiated begun = client.init(INIT, "us?".getBytes(UTF_8));
        assertThat(begun.major()).as("GSS_S_CONTINUE_NEEDED").isEqualTo(1);
        assertThat(begun.flavor()).isEqualTo(OpaqueAuth.AUTH_NONE);
        Bytes first = Bytes.copyOf(client.handle);
        client.close();
        client = connect("us?er");
        client.handle = first.toArray();
        assertThat(client.denied(client.send(1, NONE, ServedGss.ECHO, opaque("too early"))))
                .isEqualTo(AuthStat.RPCSEC_GSS_CREDPROBLEM.code());
        Initiated made = client.init(GssClient.CONTINUE_INIT, "er".getBytes(UTF_8));
        assertThat(made.major()).isZero();
        assertThat(Bytes.copyOf(made.handle())).isNotEqualTo(first);
        assertServes();
        assertThat(server.contexts.size()).isEqualTo(1);
    }

    /** Nor does it end: a handle is on the wire for anybody to see, and this takes nothing else. */
    @Test
    void anEstablishedContextIsNotContinued() throws Exception {
        establish();
        byte[] token = new XdrWriter(100).writeUtf8("user").toByteArray();
        int xid = client.send(
                credential(1, GssClient.CONTINUE_INIT, 0, NONE, client.handle),
                OpaqueAuth.AUTH_NONE,
                new byte[0],
                0,
                token);
        assertThat(client.denied(xid)).isEqualTo(AuthStat.RPCSEC_GSS_CREDPROBLEM.code());
        assertServes();
    }

    @Test
    void whoIsNotAcceptedIsToldWhyAndNothingIsKept() throws Exception {
        Initiated refused = client.init(INIT, "nobody".getBytes(UTF_8));
        assertThat(refused.major()).isEqualTo(GSSException.DEFECTIVE_CREDENTIAL << 16);
        assertThat(refused.minor()).isEqualTo(7);
        assertThat(refused.handle()).isEmpty();
        assertThat(refused.flavor()).isEqualTo(OpaqueAuth.AUTH_NONE);
        assertThat(server.contexts.size()).isZero();
    }

    @Test
    void aDestroyedContextIsGone() throws Exception {
        establish();
        Reply reply =
                client.reply(client.send(credential(1, GssClient.DESTROY, 1, NONE, client.handle), 0, new byte[0]));
        assertThat(reply.status()).isZero();
        initiator("user").verifyMic(reply.verifier(), GssProtection.bytes(1));
        assertThat(client.denied(client.send(2, NONE, ServedGss.ECHO, opaque("x"))))
                .isEqualTo(AuthStat.RPCSEC_GSS_CREDPROBLEM.code());
        assertThat(server.contexts.size()).isZero();
    }

    @Test
    void nobodyElseDestroysAContext() throws Exception {
        establish();
        int xid = client.send(
                credential(1, GssClient.DESTROY, 1, NONE, client.handle),
                OpaqueAuth.RPCSEC_GSS,
                new byte[32],
                0,
                new byte[0]);
        assertThat(client.denied(xid)).isEqualTo(AuthStat.RPCSEC_GSS_CREDPROBLEM.code());
        assertServes();
    }

    @Test
    void aContextEndsWithItsTicket() throws Exception {
        client.close();
        client = connect("user:100");
        client.init(INIT, "user:100".getBytes(UTF_8));
        server.nanos.set(TimeUnit.SECONDS.toNanos(100) - 1);
        assertServes();
        server.nanos.set(TimeUnit.SECONDS.toNanos(100));
        assertThat(client.denied(client.send(5, NONE, ServedGss.ECHO, opaque("x"))))
                .isEqualTo(AuthStat.RPCSEC_GSS_CTXPROBLEM.code());
        assertThat(server.contexts.size()).isZero();
    }

    @Test
    void handlesAreNotToBeGuessedAndOneOwnerHasNoMoreThanItsShare() throws Exception {
        Set<Bytes> handles = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            handles.add(Bytes.copyOf(establish().handle()));
        }
        assertThat(handles).hasSize(50).allMatch(handle -> handle.length() == 16);
        assertThat(server.contexts.size()).isEqualTo(4);
        assertServes();
    }

    // ---- calls

    @ParameterizedTest
    @ValueSource(ints = {NONE, INTEGRITY, PRIVACY})
    void callsOfEachService(int service) throws Exception {
        establish();
        String large = "x".repeat(300_000);
        assertThat(client.call(service, ServedGss.ECHO, opaque(large)).readUtf8(1 << 20))
                .isEqualTo(large);
        XdrReader who = client.call(service, ServedGss.WHO, new byte[0]);
        assertThat(who.readUtf8(100)).isEqualTo("user@TEST");
        assertThat(who.readUtf8(100))
                .isEqualTo(service == NONE ? "NONE" : service == INTEGRITY ? "INTEGRITY" : "PRIVACY");
        assertThat(who.readInt()).isEqualTo(1000);
        assertThat(client.call(service, 0, new byte[0]).remaining()).as("NULL").isZero();
    }

    @Test
    void whoIsNotKnownHereHasNoNumbers() throws Exception {
        client.close();
        client = connect("stranger");
        client.init(INIT, "stranger".getBytes(UTF_8));
        XdrReader who = client.call(NONE, ServedGss.WHO, new byte[0]);
        assertThat(who.readUtf8(100)).isEqualTo("stranger@TEST");
        who.readUtf8(100);
        assertThat(who.readInt()).isEqualTo(-1);
    }

    @Test
    void anErrorOfTheProgramIsVerifiedToo() throws Exception {
        establish();
        Reply reply = client.reply(client.send(7, PRIVACY, 99, new byte[0]));
        assertThat(reply.status()).as("PROC_UNAVAIL").isEqualTo(3);
        initiator("user").verifyMic(reply.verifier(), GssProtection.bytes(7));
    }

    @Test
    void whatCameBeforeOrIsTooOldGetsNoAnswer() throws Exception {
        establish();
        client.reply(client.send(2000, NONE, ServedGss.ECHO, opaque("new")));
        client.send(2000, NONE, ServedGss.ECHO, opaque("again"));
        client.send(2000 - SequenceWindow.SIZE, NONE, ServedGss.ECHO, opaque("too old"));
        // The next answer is that to the next call.
        client.reply(client.send(2001 - SequenceWindow.SIZE, NONE, ServedGss.ECHO, opaque("late, but in time")));
        client.send(credential(1, GssClient.DESTROY, 2000, NONE, client.handle), 0, new byte[0]);
        client.reply(client.send(2001, NONE, ServedGss.ECHO, opaque("still here")));
    }

    @Test
    void aCallThatFailsItsVerifierDoesNotMoveTheWindow() throws Exception {
        establish();
        byte[] forged = credential(1, DATA, 1_000_000, NONE, client.handle);
        int xid = client.send(forged, OpaqueAuth.RPCSEC_GSS, new byte[32], ServedGss.ECHO, opaque("x"));
        assertThat(client.denied(xid)).isEqualTo(AuthStat.RPCSEC_GSS_CREDPROBLEM.code());
        assertServes();
    }

    @Test
    void sequenceNumbersEnd() throws Exception {
        establish();
        client.reply(client.send(Integer.MAX_VALUE, NONE, ServedGss.ECHO, opaque("the last one")));
        assertThat(client.denied(client.send(Integer.MIN_VALUE, NONE, ServedGss.ECHO, opaque("x"))))
                .isEqualTo(AuthStat.RPCSEC_GSS_CTXPROBLEM.code());
    }

    @Test
    void credentialsThatAreNoneAreRefused() throws Exception {
        establish();
        byte[] right = credential(1, DATA, 1, NONE, client.handle);
        int[][] wrong = {{2, DATA, NONE}, {1, 4, NONE}, {1, -1, NONE}, {1, DATA, 0}, {1, DATA, 4}};
        for (int[] fields : wrong) {
            byte[] credential = credential(fields[0], fields[1], 1, fields[2], client.handle);
            assertThat(client.denied(client.send(credential, ServedGss.ECHO, opaque("x"))))
                    .isEqualTo(AuthStat.AUTH_BADCRED.code());
        }
        for (int length = 0; length < right.length; length += 4) {
            byte[] cut = java.util.Arrays.copyOf(right, length);
            assertThat(client.denied(client.send(cut, ServedGss.ECHO, opaque("x"))))
                    .as("credential of %d bytes", length)
                    .isEqualTo(AuthStat.AUTH_BADCRED.code());
        }
        byte[] longer = java.util.Arrays.copyOf(right, right.length + 4);
        assertThat(client.denied(client.send(longer, ServedGss.ECHO, opaque("x"))))
                .isEqualTo(AuthStat.AUTH_BADCRED.code());
        assertThat(client.denied(client.send(credential(1, INIT, 0, NONE, new byte[0]), ServedGss.ECHO, opaque("x"))))
                .as("procedures other than NULL set up nothing")
                .isEqualTo(AuthStat.AUTH_BADCRED.code());
        assertThat(client.denied(client.send(credential(1, GssClient.DESTROY, 1, NONE, client.handle), 1, new byte[0])))
                .isEqualTo(AuthStat.AUTH_BADCRED.code());
        byte[] unknown = credential(1, DATA, 1, NONE, new byte[16]);
        assertThat(client.denied(client.send(unknown, ServedGss.ECHO, opaque("x"))))
                .isEqualTo(AuthStat.RPCSEC_GSS_CREDPROBLEM.code());
        int xid = client.send(right, OpaqueAuth.AUTH_NONE, new byte[0], ServedGss.ECHO, opaque("x"));
        assertThat(client.denied(xid)).isEqualTo(AuthStat.AUTH_BADVERF.code());
        assertServes();
    }

    @ParameterizedTest
    @ValueSource(ints = {INTEGRITY, PRIVACY})
    void argumentsThatWereChangedAreGarbage(int service) throws Exception {
        establish();
        byte[] arguments = client.protect(service, 1, opaque("pay 1"));
        for (int i = 0; i < arguments.length; i++) {
            byte[] changed = arguments.clone();
            changed[i] ^= 1;
            int xid = client.send(credential(1, DATA, 1 + i, service, client.handle), ServedGss.ECHO, changed);
            assertThat(client.reply(xid).status()).as("byte %d changed", i).isEqualTo(GARBAGE_ARGS);
        }
        for (int length = 0; length < arguments.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(arguments, length);
            int xid = client.send(credential(1, DATA, 300 + length, service, client.handle), ServedGss.ECHO, cut);
            assertThat(client.reply(xid).status()).as("%d bytes", length).isEqualTo(GARBAGE_ARGS);
        }
        int xid = client.send(credential(1, DATA, 900, service, client.handle), ServedGss.ECHO, arguments);
        assertThat(client.reply(xid).status()).as("those of call 1").isEqualTo(GARBAGE_ARGS);
    }

    @Test
    void aTokenThatIsCutOffIsGarbage() throws Exception {
        int xid = client.send(
                credential(1, INIT, 0, NONE, new byte[0]), OpaqueAuth.AUTH_NONE, new byte[0], 0, new byte[] {
                    0, 1, 0, 0, 1, 2, 3, 4
                });
        assertThat(client.reply(xid).status()).isEqualTo(GARBAGE_ARGS);
    }
}
