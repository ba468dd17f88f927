package org.cairnfs.server.e2e;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.cairnfs.server.testing.NfsClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The server is killed by SIGKILL at random moments while clients copy, sync, make, rename and remove; it opens by itself, they go on
 * without an error, and nothing is lost. {@code -Dcairn.seed=N} repeats the moments of a run.
 */
class KillIT {
    private static final boolean LONG = Boolean.getBoolean("cairn.long");
    private static final int KILLS = LONG ? 20 : 4;
    private static final long SEED = Long.getLong("cairn.seed", System.nanoTime());

    /** Writes files 1, 2, 3 ..., and tells in the shared folder of each whose fsync returned; until /tmp/enough is there. */
    private static final String SYNC = """
            cat >/tmp/sync <<'END'
            use IO::Handle;
            $| = 1;
            my ($top, $log) = @ARGV;
            open(my $told, '>>', $log) or die "$log: $!";
            for (my $i = 1; !-e '/tmp/enough'; $i++) {
                open(my $file, '>', "$top/$i") or die "open $i: $!";
                print $file "file $i\\n" x ($i * 37 % 5000) or die "write $i: $!";
                $file->flush or die "write $i: $!";
                $file->sync or die "fsync $i: $!";
                syswrite($told, "$i\\n") or die "$log: $!";
                print "synced $i\\n" if $i % 10 == 0;
                close $file or die "close $i: $!";
            }
            END
            cat >/tmp/whole <<'END'
            my ($top, $log) = @ARGV;
            open(my $told, '<', $log) or die "$log: $!";
            my $n = 0;
            while (my $i = <$told>) {
                chomp $i;
                open(my $file, '<', "$top/$i") or die "$i was synced and is gone: $!";
                local $/;
                my $is = <$file>;
                $is eq "file $i\\n" x ($i * 37 % 5000) or die "$i was synced and has now " . length($is) . " other bytes";
                $n++;
            }
            print "$n files are whole\\n";
            END
            """;

    /** Makes, renames, links and removes; each call does what it does alone, so any error is one of a resent call. */
    private static final String NAMES = """
            cat >/tmp/names <<'END'
            use Fcntl;
            my ($top) = @ARGV;
            sub must { $_[1] or die "round $round: $_[0]: $!\\n"; }
            for ($round = 1; !-e '/tmp/enough'; $round++) {
                my $d = "$top/d$round";
                must('mkdir', mkdir $d);
                must('create', sysopen(my $f, "$d/file", O_CREAT | O_EXCL | O_WRONLY));
                must('write', syswrite($f, "round $round"));
                must('close', close $f);
                must('link', link "$d/file", "$top/link$round");
                must('symlink', symlink 'file', "$d/symlink");
                must('rename file', rename "$d/file", "$d/renamed");
                must('rename over', rename "$top/link$round", "$top/last");
                must('chmod', chmod 0600, "$d/renamed");
                must('rename directory', rename $d, "$top/moved$round");
                must('content', -s "$top/moved$round/renamed" == length("round $round"));
                must('unlink', unlink "$top/moved$round/renamed");
                must('unlink symlink', unlink "$top/moved$round/symlink");
                must('rmdir', rmdir "$top/moved$round");
            }
            opendir(my $left, $top); my @left = grep { !/^\\.\\.?$/ } readdir $left;
            must("only 'last' is left, not @left", "@left" eq 'last');
            print "$round rounds of names\\n";
            END
            """;

    @RegisterExtension
    final RealServer server = new RealServer();

    private final Random random = new Random(SEED);

    @BeforeAll
    static void require() {
        NfsClient.require();
    }

    /** @param longestSeconds between two kills: clients of 4.0 sit out a grace period in between */
    @ParameterizedTest
    @CsvSource({"4.1, 6", "4.0, 20"})
    void nothingIsLostAndNothingFails(String version, int longestSeconds) throws Exception {
        System.out.println("kills with -Dcairn.seed=" + SEED);
        SourceTree.make(server.share(), LONG ? 4_000 : 400, 400);
        server.start();
        NfsClient client = server.client().version(version);
        try (Guest guest = Guest.start(server, client, SYNC + NAMES + SourceTree.COPY + SourceTree.COMPARE + """
                mkdir synced names more
                perl /tmp/sync synced /mnt/host/synced & sync=$!
                perl /tmp/names names & names=$!
                copies() {
                    local n=0
                    until [ -e /mnt/host/go-killed ]; do copy copy-$n; n=$((n + 1)); done
                    echo $n >/tmp/copies
                }
                copies & copies=$!
                echo begun
                step killed
                : >/tmp/enough
                wait $sync; wait $names; wait $copies
                perl /tmp/whole synced /mnt/host/synced
                for ((i = 0; i < $(cat /tmp/copies); i++)); do compare copy-$i; done
                echo "$(cat /tmp/copies) copies are equal"
                rm /tmp/enough
                echo more
                perl /tmp/sync more /mnt/host/more
                """)) {
            guest.awaitLine("begun");
            for (int i = 0; i < KILLS; i++) {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(1_000 * longestSeconds));
                server.kill9();
                server.startAgain();
            }
            guest.awaitStep("killed");
            guest.go("killed");
            guest.awaitLine("more");
            guest.awaitLine("synced " + 10 * (1 + random.nextInt(5)));
            // Now client and server die together: nothing can be sent again.
            server.kill9();
        }
        server.startAgain();
        System.out.println(Guest.run(server, client, SYNC + """
                perl /tmp/whole synced /mnt/host/synced
                perl /tmp/whole more /mnt/host/more
                """));
    }
}
