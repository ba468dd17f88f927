package org.cairnfs.server.nfs.rpc.gss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.rpc.gss.GssClient.DATA;
import static org.cairnfs.server.nfs.rpc.gss.GssClient.INIT;
import static org.cairnfs.server.nfs.rpc.gss.GssClient.INTEGRITY;
import static org.cairnfs.server.nfs.rpc.gss.GssClient.NONE;
import static org.cairnfs.server.nfs.rpc.gss.GssClient.PRIVACY;
import static org.cairnfs.server.nfs.rpc.gss.GssClient.credential;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Random;
import org.cairnfs.server.nfs.fuzz.Errors;
import org.cairnfs.server.nfs.rpc.gss.GssAttacker.Loot;
import org.cairnfs.server.nfs.rpc.gss.GssClient.Initiated;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.cairnfs.server.testing.Kdc;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RPCSEC_GSS with tickets of a real KDC. */
class KerberosTest {
    private static final int GARBAGE_ARGS = 4;
    private static final String CONFIG = "java.security.krb5.conf";

    @TempDir
    private static Path folder;

    private static Kdc kdc;
    private static Path server;
    private static Path users;
    private static Path others;

    @BeforeAll
    static void start() throws Exception {
        Kdc.require();
        kdc = Kdc.start(folder);
        server = kdc.keytab("server.keytab", "host/localhost", "nfs/localhost");
        users = kdc.keytab("users.keytab", "user");
        others = kdc.keytab("others.keytab", "nfs/elsewhere");
        System.setProperty(CONFIG, kdc.config().toString());
    }

    @AfterAll
    static void stop() throws Exception {
        if (kdc != null) {
            System.clearProperty(CONFIG);
            kdc.close();
        }
    }

    private static KerberosInitiator user() throws Exception {
        return userOf("nfs/localhost");
    }

    private static KerberosInitiator userOf(String service) throws Exception {
        return new KerberosInitiator(users, "user@" + Kdc.REALM, service + "@" + Kdc.REALM);
    }

    @Test
    void callsOfEachServiceByAUserWithATicket() throws Exception {
        byte[] large = new byte[(1 << 20) - 100];
        new Random(1).nextBytes(large);
        byte[] arguments = new XdrWriter(2 << 20).writeOpaque(large).toByteArray();
        KerberosInitiator user = user();
        try (ServedGss served = new ServedGss(KerberosMechanism.of(server), 10, 5);
                GssClient client = new GssClient(served.server.address(), user)) {
            establish(client, user);
            for (int service : new int[] {NONE, INTEGRITY, PRIVACY}) {
                assertThat(client.call(service, ServedGss.ECHO, arguments).readOpaque(1 << 20))
                        .isEqualTo(large);
                XdrReader who = client.call(service, ServedGss.WHO, new byte[0]);
                assertThat(who.readUtf8(100)).isEqualTo("user@" + Kdc.REALM);
            }
        }
    }

    private static void establish(GssClient client, KerberosInitiator user) throws Exception {
        Initiated made = client.init(INIT, user.next(new byte[0]));
        assertThat(made.major()).isZero();
        user.next(made.token());
        assertThat(user.isEstablished()).isTrue();
        user.verifyMic(made.verifier(), GssProtection.bytes(made.window()));
    }

    @Test
    void aTokenIsTakenOnceAndOnlyWhole() throws Exception {
        try (ServedGss served = new ServedGss(KerberosMechanism.of(server), 10, 5);
                GssClient client = new GssClient(served.server.address(), user())) {
            byte[] token = user().next(new byte[0]);
            for (int i = 0; i < token.length; i += 61) {
                byte[] changed = token.clone();
                changed[i] ^= 1;
                Initiated refused = client.init(INIT, changed);
                assertThat(refused.handle()).as("byte %d changed", i).isEmpty();
                assertThat(refused.major()).isNotZero();
                client.init(INIT, Arrays.copyOf(token, i));
                assertThat(client.handle).as("%d bytes", i).isEmpty();
            }
            assertThat(client.init(INIT, token).major()).isZero();
            assertThat(client.init(INIT, token).major()).as("played again").isNotZero();
            assertThat(served.contexts.size()).isEqualTo(1);
        }
    }

    @Test
    void whatIsNotEncryptedIsNotTakenForPrivate() throws Exception {
        KerberosInitiator user = user();
        try (ServedGss served = new ServedGss(KerberosMechanism.of(server), 10, 5);
                GssClient client = new GssClient(served.server.address(), user)) {
            establish(client, user);
            byte[] inClear = new XdrWriter(1000)
                    .writeOpaque(user.wrapInClear(new byte[] {0, 0, 0, 1, 0, 0, 0, 0}))
                    .toByteArray();
            int xid = client.send(credential(1, DATA, 1, PRIVACY, client.handle), ServedGss.ECHO, inClear);
            assertThat(client.reply(xid).status()).isEqualTo(GARBAGE_ARGS);
        }
    }

    @Test
    void ticketsForAnotherServerAreNotTaken() throws Exception {
        try (ServedGss served = new ServedGss(KerberosMechanism.of(others), 10, 5);
                GssClient client = new GssClient(served.server.address(), user())) {
            assertThat(client.init(INIT, user().next(new byte[0])).major()).isNotZero();
        }
        String chosen = "host/localhost@" + Kdc.REALM;
        try (ServedGss served = new ServedGss(KerberosMechanism.of(server, chosen), 10, 5);
                GssClient client = new GssClient(served.server.address(), user())) {
            assertThat(client.init(INIT, user().next(new byte[0])).major())
                    .as("only %s", chosen)
                    .isNotZero();
        }
    }

    /** As {@code ktutil} or a cron job renews it: tickets of the old key and of the new one are taken, by the mechanism that was there before. */
    @Test
    void aKeyMayBeRenewedWhileTheServerRuns() throws Exception {
        String service = "nfs/renewed";
        Path keytab = kdc.keytab("renewed.keytab", service);
        try (ServedGss served = new ServedGss(KerberosMechanism.of(keytab), 10, 5)) {
            KerberosInitiator before = userOf(service);
            byte[] oldTicket = userOf(service).next(new byte[0]);
            try (GssClient client = new GssClient(served.server.address(), before)) {
                establish(client, before);
            }
            byte[] old = Files.readAllBytes(keytab);
            kdc.keytab("renewed.keytab", service);
            assertThat(Files.size(keytab)).as("both keys are there").isGreaterThan(old.length);
            KerberosInitiator after = userOf(service);
            try (GssClient client = new GssClient(served.server.address(), after)) {
                establish(client, after);
                assertThat(client.init(INIT, oldTicket).major()).isZero();
            }
            FileTime written = Files.getLastModifiedTime(keytab);
            Files.write(keytab, old);
            // The JDK goes by the file's time, which stands still for a tick of the kernel's clock (10 ms); this test
            // writes twice within one
            Files.setLastModifiedTime(keytab, FileTime.from(written.toInstant().plusSeconds(1)));
            try (GssClient client = new GssClient(served.server.address(), after)) {
                assertThat(client.init(INIT, userOf(service).next(new byte[0])).major())
                        .as("a ticket of a key that is not there any more")
                        .isNotZero();
            }
        }
    }

    /** What {@link GssFuzzTest} does, with tokens and verifiers of Kerberos. */
    @Test
    void hostileCallsEndInRefusals() throws Exception {
        Random random = new Random(1);
        KerberosInitiator sane = user();
        try (Errors errors = new Errors();
                ServedGss served = new ServedGss(KerberosMechanism.of(server), 100, 20);
                GssClient saneClient = new GssClient(served.server.address(), sane);
                GssAttacker attacker = new GssAttacker(served.server.address(), random)) {
            establish(saneClient, sane);
            for (int context = 0; context < 6; context++) {
                KerberosInitiator own = user();
                byte[] token = own.next(new byte[0]);
                try (GssClient client = new GssClient(served.server.address(), own)) {
                    own.next(client.init(INIT, token).token());
                    byte[] fresh = user().next(new byte[0]);
                    for (int sequence = 1; sequence <= 60; sequence++) {
                        byte[] given = random.nextInt(10) == 0 ? fresh : token;
                        attacker.attack(new Loot(own, client.handle, saneClient.handle, given, sequence));
                    }
                }
                assertThat(saneClient.call(PRIVACY, ServedGss.WHO, new byte[0]).readUtf8(100))
                        .isEqualTo("user@" + Kdc.REALM);
            }
            assertThat(attacker.tally()).containsKeys("accepted 0", "accepted 4", "denied 13");
            assertThat(errors.all()).isEmpty();
            assertThat(served.systemErrors).hasValue(0);
        }
    }

    @Test
    void aKeytabTellsItsPrincipals() throws Exception {
        Keytab keytab = Keytab.read(server);
        assertThat(keytab.principals())
                .containsExactlyInAnyOrder("host/localhost@" + Kdc.REALM, "nfs/localhost@" + Kdc.REALM);
        assertThat(keytab.realms()).containsExactly(Kdc.REALM);
        assertThat(keytab.isForNfs()).isTrue();
        assertThat(Keytab.read(users).isForNfs()).isFalse();
    }
}
