package org.cairnfs.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.cairnfs.core.objectstore.credentials.StoreCredentials;
import org.cairnfs.core.testkit.S3Server;

/** What happens to a server and its store in a soak, chosen by a seed, one after the other. For one thread. */
final class Troubles {
    private static final StoreCredentials NOBODYS = StoreCredentials.of("nobody", "nothing");
    private static final int OUTAGE_MILLIS = 6_000;
    private static final int PAUSE_MILLIS = 4_000;
    private static final int SNAPSHOTS_MOST = 6;

    /** In all of them the server runs afterwards, and the store can be reached. */
    private enum Trouble {
        KILL,
        KILL_AT_ONCE_AGAIN,
        TERMINATE,
        STOP,
        FROZEN_STORE,
        REFUSING_STORE,
        KILL_BEHIND_A_FROZEN_STORE,
        SLOW_STORE,
        SNAPSHOT,
        DELETE_SNAPSHOT,
        GC,
        VERIFY,
        FSCK
    }

    /** Which a run of any length has. */
    private static final Set<Trouble> ALWAYS =
            EnumSet.of(Trouble.SNAPSHOT, Trouble.KILL, Trouble.FROZEN_STORE, Trouble.GC, Trouble.TERMINATE);

    private final RealServer server;
    private final Random random;
    private final Map<Trouble, Integer> counts = new EnumMap<>(Trouble.class);
    private final List<Trouble> first;
    private int snapshots;
    private int done;

    Troubles(RealServer server, Random random) {
        this.server = server;
        this.random = random;
        this.first = List.copyOf(ALWAYS);
    }

    /** Whether all that belongs to any run has been. */
    boolean enough() {
        return counts.keySet().containsAll(ALWAYS);
    }

    /** A pause, and then the next one. */
    void next() throws Exception {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(PAUSE_MILLIS));
        Trouble trouble = done % 2 == 0 && done / 2 < first.size()
                ? first.get(done / 2)
                : Trouble.values()[random.nextInt(Trouble.values().length)];
        done++;
        System.out.println("trouble " + done + ": " + trouble);
        carryOut(trouble);
        counts.merge(trouble, 1, Integer::sum);
    }

    private void carryOut(Trouble trouble) throws Exception {
        switch (trouble) {
            case KILL -> {
                server.kill9();
                TimeUnit.MILLISECONDS.sleep(random.nextInt(PAUSE_MILLIS));
                server.startAgain();
            }
            case KILL_AT_ONCE_AGAIN -> {
                server.kill9();
                server.startAgain();
                TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
                server.kill9();
                server.startAgain();
            }
            case TERMINATE -> {
                server.terminate();
                server.startAgain();
            }
            case STOP -> {
                server.stop();
                server.startAgain();
            }
            case FROZEN_STORE -> {
                server.line().freeze(true);
                outage();
                server.line().freeze(false);
            }
            case REFUSING_STORE -> {
                server.s3().accept(NOBODYS);
                outage();
                server.s3().accept(S3Server.CREDENTIALS);
            }
            case KILL_BEHIND_A_FROZEN_STORE -> {
                server.line().freeze(true);
                outage();
                server.kill9();
                server.line().freeze(false);
                server.startAgain();
            }
            case SLOW_STORE -> {
                server.line().delay(1 + random.nextInt(20));
                outage();
                server.line().delay(0);
            }
            case SNAPSHOT -> {
                if (names().size() < SNAPSHOTS_MOST) {
                    server.command("snapshot", "create", "s" + ++snapshots);
                }
            }
            case DELETE_SNAPSHOT -> {
                List<String> names = names();
                if (names.size() > 1) {
                    server.command("snapshot", "delete", names.get(random.nextInt(names.size())));
                }
            }
            case GC -> server.command("gc");
            case VERIFY -> server.command("verify", "--data", "--sample", "20%");
            case FSCK -> server.command("fsck");
        }
    }

    private void outage() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(1 + random.nextInt(OUTAGE_MILLIS));
    }

    private List<String> names() throws Exception {
        return StreamSupport.stream(
                        new ObjectMapper()
                                .readTree(server.command("snapshot", "list", "--json"))
                                .path("snapshots")
                                .spliterator(),
                        false)
                .map(snapshot -> snapshot.path("name").asText())
                .toList();
    }

    /** All data is in the store and can be read, and the metadata is sound. */
    void checks() throws Exception {
        server.flush();
        server.command("fsck");
        server.command("verify", "--data");
        assertThat(names()).isNotEmpty();
    }

    @Override
    public String toString() {
        return counts.entrySet().stream()
                .map(entry -> entry.getValue() + " "
                        + entry.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .collect(Collectors.joining(", "));
    }
}
