package org.cairnfs.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cairnfs.server.testing.NfsClient;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A directory of a million files (short form: 10,000) listed by clients that keep no more than a page: in as many requests as the entries need, at
 * a cost for each that does not grow on the way; and while another client makes, removes and renames files, nothing is told twice
 * and nothing is missing that was there throughout.
 */
class LargeListingIT {
    private static final boolean LONG = Boolean.getBoolean("cairn.long");
    private static final int FILES = LONG ? 1_000_000 : 10_000;
    private static final int AT_ONCE = 20_000;
    private static final int PARTS = 10;

    /** What an entry takes at most in a page of either version, in bytes: attributes, a handle, a name of eleven bytes. */
    private static final int ENTRY_BYTES = 190;

    @RegisterExtension
    final RealServer server = new RealServer();

    /** What was seen in a listing, by numbers. */
    private static final class Seen {
        private final BitSet files = new BitSet(FILES);
        private final BitSet moved = new BitSet(FILES);
        private final Set<String> added = new HashSet<>();

        void add(String name) {
            boolean again;
            if (name.startsWith(ChangingNames.NEW)) {
                again = !added.add(name);
            } else {
                boolean isMoved = name.startsWith(ChangingNames.MOVED);
                int number = isMoved
                        ? Integer.parseInt(name.substring(ChangingNames.MOVED.length()))
                        : NumberedFiles.number(name);
                BitSet kind = isMoved ? moved : files;
                again = kind.get(number);
                kind.set(number);
            }
            assertThat(again).as("%s was told before", name).isFalse();
        }
    }

    /**
     * A listing.
     *
     * @param requests READDIR or READDIRPLUS
     * @param nanos CPU time of the server for each entry, in each tenth of the way
     */
    private record Listing(Seen seen, int requests, List<Double> nanos) {
        @Override
        public String toString() {
            return requests + " requests, CPU time of the server for each entry in us, by tenths: "
                    + nanos.stream().map(n -> String.format("%.1f", n / 1000)).toList();
        }
    }

    private double cpuNanos() throws Exception {
        return server.metric("process_cpu_time_ns_total");
    }

    private Listing list(ListingClient client) throws Exception {
        Seen seen = new Seen();
        List<Double> nanos = new ArrayList<>();
        int requests = 0;
        int entries = 0;
        int entriesBefore = 0;
        double before = cpuNanos();
        ListingClient.Page page = client.after(0);
        while (true) {
            requests++;
            page.names().forEach(seen::add);
            entries += page.names().size();
            if (page.end() || entries - entriesBefore >= FILES / PARTS) {
                double now = cpuNanos();
                nanos.add((now - before) / Math.max(1, entries - entriesBefore));
                before = now;
                entriesBefore = entries;
            }
            if (page.end()) {
                return new Listing(seen, requests, nanos);
            }
            page = client.after(page.last());
        }
    }

    private NumberedFiles make(WireClient client, int count) throws Exception {
        NumberedFiles files = NumberedFiles.in(client.session(), "large");
        for (int from = 0; from < count; from += AT_ONCE) {
            client.share(from, Math.min(count, from + AT_ONCE), files::create);
        }
        return files;
    }

    @Test
    void isListedPageByPage() throws Exception {
        server.start();
        try (WireClient client = new WireClient(server.port(), 4)) {
            NumberedFiles files = make(client, FILES);
            Map<String, ListingClient> clients = Map.of(
                    "4.1", ListingClient.of41(client.session(), files.directory()),
                    "3", ListingClient.of3(client.connect3(), files.directory()));
            for (Map.Entry<String, ListingClient> each : clients.entrySet()) {
                list(each.getValue()); // until the server's code is compiled
                Listing listing = list(each.getValue());
                System.out.println("version " + each.getKey() + ": " + listing);
                assertThat(listing.seen().files.cardinality()).isEqualTo(FILES);
                assertThat(listing.requests()).isLessThan(2 + FILES / (ListingClient.PAGE_BYTES / ENTRY_BYTES));
                if (LONG) {
                    // A cost that grew with the way would be nineteen times the first.
                    assertThat(listing.nanos().get(PARTS - 1))
                            .isLessThan(2 * listing.nanos().get(0));
                }
            }
            try (ChangingNames changing = new ChangingNames(client.session(1), files, FILES)) {
                for (Map.Entry<String, ListingClient> each : clients.entrySet()) {
                    listWhileItChanges(each.getKey(), each.getValue(), changing);
                }
            }
        }
    }

    private void listWhileItChanges(String version, ListingClient client, ChangingNames changing) throws Exception {
        int before = changing.steps();
        changing.start();
        Seen seen = list(client).seen();
        changing.stop();
        System.out.printf(
                "version %s: %d steps meanwhile, %d new names seen%n",
                version, changing.steps() - before, seen.added.size());
        assertThat(changing.steps()).as("steps").isGreaterThan(before);
        for (int i = 0; i < FILES; i++) {
            assertThat(seen.files.get(i) || i % 10 < 2).as("file %d seen", i).isTrue();
        }
        for (int step = 0; step < before; step++) {
            int removed = changing.removedBy(step);
            assertThat(seen.files.get(removed))
                    .as("the removed %d seen", removed)
                    .isFalse();
            assertThat(seen.files.get(removed + 1))
                    .as("the renamed %d seen", removed + 1)
                    .isFalse();
            assertThat(seen.moved.get(removed + 1))
                    .as("the new name of %d seen", removed + 1)
                    .isTrue();
        }
    }

    @Test
    void aRealClientListsItWithAttributes() throws Exception {
        Assumptions.assumeTrue(LONG, "minutes: with -Dcairn.long=true");
        NfsClient.require();
        server.start();
        try (WireClient client = new WireClient(server.port(), 4)) {
            make(client, FILES);
            NumberedFiles fewer = NumberedFiles.in(client.session(), "fewer");
            client.share(0, 50_000, fewer::create);
        }
        String times = Guest.run(server, "files=" + FILES + "\n" + """
                listed() { local begun=$SECONDS; [ $("$@" | wc -l) = $n ]; echo "$*: $((SECONDS - begun)) s"; }
                n=$((files + 2)) listed ls -f large
                n=$((files + 1)) listed find large
                n=50001 listed ls -l fewer
                """);
        System.out.println(times);
    }
}
