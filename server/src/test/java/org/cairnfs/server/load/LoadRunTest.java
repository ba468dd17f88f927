package org.cairnfs.server.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cairnfs.server.nfs.fuzz.FuzzedServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The load does what it says, and notices when the server does not. */
class LoadRunTest {
    private static final String METADATA = "create,readdir,rename,readdir,unlink,readdir";

    @TempDir
    Path home;

    private FuzzedServer server;

    @BeforeEach
    void serve() throws Exception {
        server = new FuzzedServer(home);
    }

    @AfterEach
    void stop() throws Exception {
        assertThat(server.failures()).isEmpty();
        server.close();
    }

    /** Runs workloads with more arguments. */
    private List<Figure> run(String workloads, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "--server",
                "here=127.0.0.1:" + server.address().getPort() + "/,"
                        + ProcessHandle.current().pid(),
                "--workloads",
                workloads,
                "--seconds",
                "0.3"));
        arguments.addAll(List.of(more));
        List<Figure> figures = new ArrayList<>();
        boolean failed = LoadMain.run(LoadMain.parse(arguments.toArray(new String[0])), figures::add);
        assertThat(failed)
                .isEqualTo(figures.stream().anyMatch(one -> !one.errors().isEmpty()));
        return figures;
    }

    @Test
    void metadataOfSeveralClientsWithSeveralRequestsInFlight() throws Exception {
        List<Figure> figures = run(
                METADATA, "--clients", "3", "--in-flight", "4", "--files", "300", "--rounds", "2", "--seconds", "60");

        assertThat(figures)
                .filteredOn(one -> one.workload().matches("create|rename|unlink"))
                .hasSize(6);
        assertThat(figures)
                .filteredOn(one -> one.workload().matches("create|rename|unlink"))
                .allSatisfy(one -> assertThat(one.operations()).isEqualTo(300));
        assertThat(figures)
                .filteredOn(one -> one.workload().equals("readdir") && one.round() == 2)
                .extracting(Figure::bytes)
                .containsExactly(300L, 300L, 0L);
        assertThat(figures).allSatisfy(one -> {
            assertThat(one.errors()).isEmpty();
            assertThat(one.p99Micros())
                    .isGreaterThanOrEqualTo(one.medianMicros())
                    .isPositive();
            assertThat(one.serverCpuMicros()).isNotNegative();
        });
        // What is left are directories: of the load, of its rounds, of their clients.
        assertThat(server.entries()).isEqualTo(1 + 2 + 6);
    }

    @Test
    void filesAreAskedForByHandleAndByName() throws Exception {
        List<Figure> figures = run("create,getattr,lookup", "--clients", "2", "--in-flight", "2");

        assertThat(figures).hasSize(3).allSatisfy(one -> {
            assertThat(one.errors()).isEmpty();
            assertThat(one.operations()).isPositive();
        });
    }

    @Test
    void dataIsReadBackAsItWasWritten() throws Exception {
        List<Figure> figures = run(
                "write,read,read-4k,write-4k,write-4k-stable,read",
                "--clients",
                "2",
                "--in-flight",
                "3",
                "--megabytes",
                "6",
                "--warm-up",
                "0.1");

        assertThat(figures).hasSize(6).allSatisfy(one -> {
            assertThat(one.errors()).isEmpty();
            assertThat(one.operations()).isPositive();
        });
        assertThat(figures.get(0).bytes()).isEqualTo(6 << 20);
        assertThat(figures.get(1).bytes()).isEqualTo(6 << 20);
        assertThat(figures.get(2).bytes()).isEqualTo(4096L * figures.get(2).operations());
    }

    @Test
    void bytesThatWereNotWrittenAreErrors() throws Exception {
        run("write", "--megabytes", "2", "--keep", "true");
        assertThat(run("read", "--megabytes", "2", "--keep", "true").get(0).errors())
                .isEmpty();

        Figure other =
                run("read", "--megabytes", "2", "--keep", "true", "--seed", "2").get(0);

        assertThat(other.errors()).isEqualTo(Map.of("READ other bytes than were written", 2L));
        assertThat(other.operations()).isZero();
        assertThatThrownBy(() -> run("read", "--megabytes", "3", "--keep", "true"))
                .hasRootCauseMessage("the file has not the size that was written");
    }

    @Test
    void whatTheServerRefusesIsCountedByItsStatus() throws Exception {
        run("create", "--files", "5", "--keep", "true", "--seconds", "60");

        Figure again = run("create", "--files", "5", "--keep", "true", "--seconds", "60")
                .get(0);

        assertThat(again.errors()).isEqualTo(Map.of("OPEN EXIST", 5L));
        assertThat(again.operations()).isZero();
    }

    @Test
    void namesThatTheLoadDidNotMakeAreErrors() throws Exception {
        run("create", "--files", "5", "--keep", "true", "--seconds", "60");

        assertThat(run("readdir", "--keep", "true").get(0).errors())
                .isEqualTo(Map.of("READDIR told a name that is not there", 1L));
    }

    @Test
    void pagesDifferByFilePlaceAndTime() {
        Pattern pattern = new Pattern(1);
        ByteBuffer page = ByteBuffer.wrap(pattern.pages(1, 7, 1));

        assertThat(pattern.is(page, 1, 7, 0)).isTrue();
        assertThat(pattern.is(page, 2, 7, 0)).isFalse();
        assertThat(pattern.is(page, 1, 8, 0)).isFalse();
        assertThat(pattern.is(page, 1, 7, 1)).isFalse();
        assertThat(new Pattern(2).is(page, 1, 7, 0)).isFalse();
    }

    @Test
    void argumentsThatAreNotKnownAreRefused() {
        assertThatThrownBy(() -> LoadMain.parse("--server", "a=b:1", "--client", "1"))
                .hasMessageContaining("--client");
        assertThatThrownBy(() -> LoadMain.parse("--server", "a=b:1", "--workloads", "creat"))
                .hasMessageContaining("creat");
        assertThatThrownBy(() -> LoadMain.parse("--server", "b:1")).hasMessageContaining("NAME=HOST:PORT");
        assertThat(LoadMain.parse("--server", "a=127.0.0.1:7/x/y,12")
                        .targets()
                        .get(0)
                        .path())
                .containsExactly("x", "y");
    }

    @Test
    void aMedianIsAValueThatWasMeasured() {
        Tally tally = new Tally();
        for (int i = 100; i >= 1; i--) {
            tally.done(i * 1000L);
        }
        Tally other = new Tally();
        other.failed("x");
        tally.add(other);

        assertThat(tally.micros(0.5)).isEqualTo(50);
        assertThat(tally.micros(0.99)).isEqualTo(99);
        assertThat(tally.micros(1)).isEqualTo(100);
        assertThat(tally.errors()).isEqualTo(Map.of("x", 1L));
    }
}
