package org.cairnfs.server.nfs.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cairnfs.server.app.NfsService;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Damaged requests of NFS 3, 4.0, 4.1 and 4.2, of MOUNT, NLM, NSM and portmap. They are made of what a sane client has just sent, so
 * handles, sessions, opens, locks and delegations in them are alive, and callbacks are answered with damaged replies; the sane client must succeed before, in between and afterwards.
 *
 * <p>Each damaged request is answered, or costs its connection, before a time-out of the socket; nothing is logged as an error, no call
 * ends with SYSTEM_ERR or SERVERFAULT, the heap does not grow, and what a crash leaves is what was there before it.
 */
class ProtocolFuzzTest {
    private static final Logger LOG = LoggerFactory.getLogger(ProtocolFuzzTest.class);
    private static final int ROUNDS =
            Boolean.getBoolean("cairn.long") ? Integer.getInteger("cairn.fuzz.rounds", 500) : 10;
    /** More than one cannot be repeated exactly, but meet each other in the server. */
    private static final int ATTACKERS = Boolean.getBoolean("cairn.long") ? 3 : 1;

    private static final int REQUESTS_PER_ROUND = 200;

    /** After so many rounds, caches and pools have the size that they keep. */
    private static final int WARM_UP = ROUNDS / 4;

    private static final long HEAP_SLACK_BYTES = 64L << 20;

    @TempDir
    private Path home;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void servesOn(long seed) throws Exception {
        Tally tally = new Tally();
        try (Errors errors = new Errors();
                CallbackService callbacks = new CallbackService(seed);
                FuzzedServer server = new FuzzedServer(home)) {
            long warm = 0;
            Random random = new Random(seed + Long.getLong("cairn.fuzz.seed", 0));
            for (int round = 0; round < ROUNDS; round++) {
                if (round == WARM_UP) {
                    warm = heapInUse();
                }
                round(server, callbacks, random, round, tally);
                assertThat(server.failures())
                        .as("seed %d, round %d", seed, round)
                        .isEmpty();
                assertThat(errors.all()).as("seed %d, round %d", seed, round).isEmpty();
                assertThat(tally.count("NFS4 SERVERFAULT") + tally.count("OTHER 10006"))
                        .as("SERVERFAULT, seed %d, round %d", seed, round)
                        .isZero();
            }
            long grown = heapInUse() - warm;
            int opens =
                    server.clients().stream().mapToInt(NfsService.Client::opens).sum();
            LOG.info(
                    "seed {}: {}; {} clients with {} opens; {}; {} calls to the callback service; heap {} MiB more than after {} rounds",
                    seed,
                    tally,
                    server.clients().size(),
                    opens,
                    server.delegations(),
                    callbacks.calls(),
                    grown >> 20,
                    WARM_UP);
            assertThat(grown).as("growth of the heap in bytes").isLessThan(HEAP_SLACK_BYTES);
            SaneSession.run(server.address(), "last", callbacks.universalAddress());
            assertThat(callbacks.calls()).as("callbacks to clients of 4.0").isPositive();
            assertThat(server.delegations().recalled())
                    .as("recalled delegations")
                    .isPositive();
            List<String> before = server.tree();
            server.crash();
            server.start();
            assertThat(server.tree()).isEqualTo(before);
            assertThat(server.entries()).isEqualTo(before.size());
            assertThat(errors.all()).isEmpty();
        }
        assertThat(tally.count("NFS4 OK")).as("requests that did something").isPositive();
        if (Boolean.getBoolean("cairn.long")) {
            assertThat(tally.count("CALLBACK")).as("callbacks to attackers").isPositive();
        }
    }

    /** The sane client does its work, then all attackers at once make use of it. */
    private static void round(FuzzedServer server, CallbackService callbacks, Random random, int round, Tally tally)
            throws Exception {
        List<Request> requests = SaneSession.run(
                server.address(),
                // A name that nobody makes of those before, by turning a bit.
                "round-" + round + "-" + Long.toHexString(random.nextLong()),
                callbacks.universalAddress());
        ExecutorService threads = Executors.newFixedThreadPool(ATTACKERS);
        try {
            List<Callable<Tally>> attackers = new ArrayList<>();
            for (int i = 0; i < ATTACKERS; i++) {
                long seed = random.nextLong();
                attackers.add(() -> attack(server, seed, requests));
            }
            for (Future<Tally> attacker : threads.invokeAll(attackers)) {
                tally.addAll(attacker.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Tally attack(FuzzedServer server, long seed, List<Request> requests) throws IOException {
        Tally tally = new Tally();
        try (Attacker attacker = new Attacker(server.address(), new Random(seed), tally)) {
            attacker.learn(requests);
            for (int i = 0; i < REQUESTS_PER_ROUND; i++) {
                attacker.attack(requests);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("request " + tally.requests() + " of seed " + seed + " is not answered", e);
        }
        return tally;
    }

    private static long heapInUse() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
