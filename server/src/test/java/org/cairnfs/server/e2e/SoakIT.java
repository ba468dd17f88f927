package org.cairnfs.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.cairnfs.server.testing.NfsClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Several clients change trees of their own at random, and know what must be in them, while the server is killed, stopped and started, and its
 * store goes away and comes back, and snapshots, garbage collection and checks go on ({@link Troubles}). At the end the state directory is
 * wiped, and the bucket alone has to give back what the clients wrote down, and each snapshot as it was seen first.
 *
 * <p>{@code scripts/soak --minutes N} is the long form; {@code -Dcairn.seed=N} repeats the choices of a run, if not its timing.
 */
class SoakIT {
    private static final int MINUTES = Integer.getInteger("cairn.soak.minutes", 0);
    private static final long SEED = Long.getLong("cairn.seed", System.nanoTime());

    /** By the version of NFS, each with a tree of that name. */
    private static final List<String> CLIENTS = MINUTES > 0 ? List.of("4.2", "4.1", "4.0", "3") : List.of("4.2", "3");

    /** Looks at each new snapshot, and writes down what is in it, unless it is deleted meanwhile. */
    private static final String WATCH = """
            set +e
            echo begun
            until [ -e /mnt/host/end ]; do
                sleep 1
                for snapshot in $(ls .snapshots); do
                    seen=/mnt/host/seen-$snapshot
                    [ -e $seen ] && continue
                    perl /mnt/host/soak.pl tell .snapshots/$snapshot >$seen.new 2>/tmp/error && mv $seen.new $seen && continue
                    rm -f $seen.new
                    sleep 4 # what the client remembers of it
                    [ ! -e .snapshots/$snapshot ] || perl /mnt/host/soak.pl tell .snapshots/$snapshot >/dev/null || { cat /tmp/error; exit 1; }
                done
            done
            """;

    /** What is in the clients' trees and in all snapshots now, in files with an ending. */
    private static final String TELL = """
            for tree in %s; do perl /mnt/host/soak.pl tell $tree >/mnt/host/$tree.%s; done
            for snapshot in $(ls .snapshots); do perl /mnt/host/soak.pl tell .snapshots/$snapshot >/mnt/host/seen-$snapshot.%s; done
            """;

    @RegisterExtension
    final RealServer server = RealServer.overS3("barrier-interval = 2s");

    private final List<Guest> guests = new ArrayList<>();

    @BeforeAll
    static void require() {
        NfsClient.require();
    }

    @Test
    void whatTheClientsWroteIsThereInTheEnd() throws Exception {
        System.out.println("soak with -Dcairn.seed=" + SEED);
        Troubles troubles = new Troubles(server, new Random(SEED));
        try {
            long bytes = run(troubles);
            System.out.printf(
                    "soak passed: seed %d, %d min; %s; clients of %s; %,d bytes compared after the state was wiped%n",
                    SEED, MINUTES, troubles, CLIENTS, bytes);
        } catch (Exception | Error e) {
            System.out.printf("soak FAILED: seed %d; after %s: %s%n", SEED, troubles, e);
            throw e;
        } finally {
            guests.forEach(Guest::close);
        }
    }

    /** Gives how many bytes of listings were equal. */
    private long run(Troubles troubles) throws Exception {
        try (InputStream script = Objects.requireNonNull(SoakIT.class.getResourceAsStream("soak.pl"))) {
            Files.copy(script, server.share().resolve("soak.pl"));
        }
        server.start();
        for (String version : CLIENTS) {
            guests.add(Guest.start(
                    server, server.client().version(version), """
                    mkdir %1$s
                    echo begun
                    perl /mnt/host/soak.pl work %1$s %2$d /mnt/host/end /mnt/host/%1$s.known
                    """.formatted(version, SEED + guests.size())));
        }
        guests.add(Guest.start(server, WATCH));
        for (Guest guest : guests) {
            guest.awaitLine("begun");
        }
        long end = System.nanoTime() + (MINUTES > 0 ? TimeUnit.MINUTES.toNanos(MINUTES) : TimeUnit.SECONDS.toNanos(30));
        do {
            troubles.next();
            for (Guest guest : guests) {
                if (!guest.isAlive()) {
                    guest.succeeds(); // says why it did not
                    throw new AssertionError("a client ended by itself");
                }
            }
        } while (System.nanoTime() < end || !troubles.enough());
        Files.createFile(guests.get(0).file("end"));
        for (Guest guest : guests) {
            System.out.print(guest.succeeds());
        }
        troubles.checks();
        tell("before");
        server.flush();
        server.startFromTheBucket("elsewhere");
        tell("after");
        troubles.checks();
        return compare();
    }

    private void tell(String ending) throws Exception {
        Guest.run(server, TELL.formatted(String.join(" ", CLIENTS), ending, ending));
    }

    private long compare() throws IOException {
        long bytes = 0;
        for (String version : CLIENTS) {
            bytes += same(version + ".known", version + ".before");
            bytes += same(version + ".known", version + ".after");
        }
        int snapshots = 0;
        for (String name : names("seen-")) {
            if (name.endsWith(".before")) {
                String seen = name.substring(0, name.length() - ".before".length());
                bytes += same(name, seen + ".after");
                if (Files.exists(server.share().resolve(seen))) {
                    bytes += same(seen, name);
                    snapshots++;
                }
            }
        }
        assertThat(snapshots).as("snapshots that were seen first and last").isPositive();
        return bytes;
    }

    private List<String> names(String beginning) throws IOException {
        try (Stream<Path> files = Files.list(server.share())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(beginning))
                    .sorted()
                    .toList();
        }
    }

    private long same(String one, String other) throws IOException {
        Path first = server.share().resolve(one);
        assertThat(server.share().resolve(other)).as("%s and %s", one, other).hasSameTextualContentAs(first);
        return Files.size(first);
    }
}
