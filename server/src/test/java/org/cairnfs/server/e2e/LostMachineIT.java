package org.cairnfs.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.objectstore.credentials.StoreCredentials;
import org.cairnfs.core.testkit.S3Server;
import org.cairnfs.server.testing.NfsClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The machine of the server is gone with its disk: the bucket, which speaks S3, gives back what status said that it held. */
class LostMachineIT {
    private static final int MOST = Boolean.getBoolean("cairn.long") ? SourceTree.WHOLE : 300;
    private static final StoreCredentials NOBODYS = StoreCredentials.of("nobody", "nothing");

    /** Writes files 1, 2, 3 ..., and tells in the shared folder of each that was closed. */
    private static final String WRITE = """
            cat >/tmp/write <<'END'
            my ($top, $log) = @ARGV;
            open(my $told, '>>', $log) or die "$log: $!";
            for (my $i = 1; ; $i++) {
                open(my $file, '>', "$top/$i") or die "open $i: $!";
                print $file "file $i\\n" x ($i * 37 % 3000 + 1) or die "write $i: $!";
                close $file or die "close $i: $!";
                syswrite($told, "$i\\n") or die "$log: $!";
            }
            END
            """;

    /** Says how many files are there and whole; dies unless these are 1, 2, 3 ... and no byte that is there is wrong. */
    private static final String CHECK = """
            cat >/tmp/check <<'END'
            my ($top) = @ARGV;
            opendir(my $all, $top) or die "$top: $!";
            my @names = sort { $a <=> $b } grep { /^\\d+$/ } readdir $all;
            my $whole = 0;
            for my $i (@names) {
                open(my $file, '<', "$top/$i") or die "open $i: $!";
                local $/;
                my $is = <$file>;
                my $should = "file $i\\n" x ($i * 37 % 3000 + 1);
                length($is) == -s "$top/$i" or die "$i has " . length($is) . " bytes and says " . -s "$top/$i";
                $is eq substr($should, 0, length $is) or die "$i has other bytes than were written";
                if ($is eq $should) { $i == ++$whole or die "$i is there, and what was written before is not"; }
            }
            @names - $whole <= 1 or die @names . " files, and only $whole are whole";
            print "whole: $whole\\n";
            END
            """;

    @RegisterExtension
    final RealServer server = RealServer.overS3("barrier-interval = 1s");

    @BeforeAll
    static void require() {
        NfsClient.require();
    }

    @Test
    void aStoppedServerIsServedElsewhereAsItWas() throws Exception {
        SourceTree.make(server.share(), MOST, MOST);
        server.start();
        Guest.run(server, SourceTree.COPY + "copy copy");
        server.stop();
        server.start("store", "elsewhere");
        Guest.run(server, SourceTree.COMPARE + "compare copy");
    }

    /** At one moment: the newest record of the journal, and how many files had been closed before and at most after. */
    private record Sample(long sequence, int before, int after) {}

    @Test
    void aKilledServerComesBackAsOfTheBarrierThatStatusShowed() throws Exception {
        SourceTree.make(server.share(), MOST, MOST);
        server.start();
        List<Sample> samples = new ArrayList<>();
        long shown;
        try (Guest guest = Guest.start(server, SourceTree.COPY + WRITE + """
                copy copy
                mkdir files
                step copied
                perl /tmp/write files /mnt/host/log
                """)) {
            guest.awaitStep("copied");
            Path log = Files.createFile(guest.file("log"));
            long copied = server.status().path("journal").path("lastSequence").asLong();
            guest.go("copied");
            while (shipped(sample(samples, log)) <= copied || samples.size() < 4) {
                assertThat(guest.isAlive()).isTrue();
            }
            server.s3().accept(NOBODYS);
            int refused = count(log);
            JsonNode status = sample(samples, log);
            while (status.path("uploads").path("lastError").asText().isEmpty() || count(log) < refused + 20) {
                assertThat(guest.isAlive()).isTrue();
                status = sample(samples, log);
            }
            assertThat(status.path("uploads").path("lastError").asText()).contains("does not accept the credentials");
            assertThat(status.path("barrier").path("behindMillis").asLong()).isPositive();
            shown = shipped(status);
            server.kill9();
        }
        server.s3().accept(S3Server.CREDENTIALS);
        server.startElsewhere("elsewhere");
        String said = Guest.run(server, SourceTree.COMPARE + CHECK + "compare copy; perl /tmp/check files");
        int whole = said.lines()
                .filter(line -> line.startsWith("whole: "))
                .mapToInt(line -> Integer.parseInt(line.substring("whole: ".length())))
                .findFirst()
                .orElseThrow();
        System.out.printf("the bucket had journal sequence %d, %d files; of %s%n", shown, whole, samples);
        for (Sample sample : samples) {
            if (sample.sequence() <= shown) {
                assertThat(whole).as("what the bucket had by %s", sample).isGreaterThanOrEqualTo(sample.before());
            } else {
                assertThat(whole).as("what it lacked by %s", sample).isLessThanOrEqualTo(sample.after() + 1);
            }
        }
        assertThat(samples.get(samples.size() - 1).before())
                .as("something was lost")
                .isGreaterThan(whole);
        assertThat(samples).anyMatch(sample -> sample.before() > 0 && sample.sequence() <= shown);
    }

    private JsonNode sample(List<Sample> samples, Path log) throws Exception {
        int before = count(log);
        JsonNode status = server.status();
        samples.add(new Sample(status.path("journal").path("lastSequence").asLong(), before, count(log)));
        return status;
    }

    private static int count(Path log) throws Exception {
        return (int) Files.readString(log).lines().count();
    }

    private static long shipped(JsonNode status) {
        return status.path("barrier").path("sequence").asLong();
    }
}
