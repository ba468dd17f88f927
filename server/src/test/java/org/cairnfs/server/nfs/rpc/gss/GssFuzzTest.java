package org.cairnfs.server.nfs.rpc.gss;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.cairnfs.server.nfs.fuzz.Errors;
import org.cairnfs.server.nfs.rpc.gss.GssAttacker.Loot;
import org.cairnfs.server.nfs.rpc.gss.ToyMechanism.ToyContext;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hostile calls of RPCSEC_GSS by the thousand: each is answered, discarded, or costs the connection; nothing is logged as an error or ends
 * with SYSTEM_ERR, no more contexts are kept than there may be of an address, and the context of somebody else lives through it.
 */
class GssFuzzTest {
    private static final Logger LOG = LoggerFactory.getLogger(GssFuzzTest.class);
    private static final int ATTACKS =
            Boolean.getBoolean("cairn.long") ? Integer.getInteger("cairn.fuzz.rounds", 500) * 200 : 1_500;

    private static final int ATTACKS_PER_CONTEXT = 20;
    private static final int MOST_CONTEXTS_OF_ONE = 4;

    private static ToyContext context(String name) throws Exception {
        ToyContext context = new ToyMechanism().newContext();
        context.accept(name.getBytes(UTF_8));
        return context;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void someoneElsesContextServesOn(long seed) throws Exception {
        Random random = new Random(seed + Long.getLong("cairn.fuzz.seed", 0));
        byte[] hello = new XdrWriter(100).writeUtf8("hello").toByteArray();
        try (Errors errors = new Errors();
                ServedGss server = new ServedGss(new ToyMechanism(), 100, MOST_CONTEXTS_OF_ONE);
                GssClient sane = new GssClient(server.server.address(), context("user"));
                GssClient own = new GssClient(server.server.address(), context("attacker"));
                GssAttacker attacker = new GssAttacker(server.server.address(), random)) {
            sane.init(GssClient.INIT, "user".getBytes(UTF_8));
            Loot loot = null;
            for (int i = 0; i < ATTACKS; i++) {
                if (i % ATTACKS_PER_CONTEXT == 0) {
                    String token = random.nextInt(3) == 0 ? "attack?" : "attacker";
                    byte[] handle =
                            own.init(GssClient.INIT, token.getBytes(UTF_8)).handle();
                    loot = new Loot(context("attacker"), handle, sane.handle, token.getBytes(UTF_8), 1);
                    assertThat(sane.call(1 + random.nextInt(3), ServedGss.ECHO, hello)
                                    .readUtf8(100))
                            .isEqualTo("hello");
                    assertThat(errors.all()).as("attack %d", i).isEmpty();
                    assertThat(server.systemErrors).as("attack %d", i).hasValue(0);
                }
                attacker.attack(loot);
                loot = new Loot(loot.context(), loot.handle(), loot.foreign(), loot.token(), loot.sequence() + 1);
            }
            LOG.info("seed {}: {}, {} contexts", seed, attacker.tally(), server.contexts.size());
            assertThat(attacker.tally()).containsKeys("accepted 0", "accepted 4", "denied 13", "no answer");
            assertThat(server.contexts.size()).isLessThanOrEqualTo(100);
        }
    }
}
