package org.cairnfs.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.cairnfs.server.testing.NfsClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one client does with files, the other sees: locks, contents at open, exclusive creation, removal. */
class TwoClientsIT {
    /** {@code locks FILE} takes commands {@code lock|share|unlock START LENGTH} from stdin and says for each whether it got it. */
    private static final String LOCKS = """
            cat >/tmp/locks <<'END'
            use Fcntl; $| = 1;
            open(my $file, '+<', $ARGV[0]) or die "$ARGV[0]: $!";
            while (<STDIN>) {
                my ($what, $start, $length) = split;
                my $type = $what eq 'lock' ? F_WRLCK : $what eq 'share' ? F_RDLCK : F_UNLCK;
                my $flock = pack('s s x4 q q i x4', $type, 0, $start, $length, 0);
                print fcntl($file, F_SETLK, $flock) ? "yes\\n" : "no\\n";
            }
            END
            coproc A { exec perl /tmp/locks /mnt/nfs/ranges; }
            { coproc B { exec perl /tmp/locks /mnt/b/ranges; } } 2>/dev/null
            asks() { # asks A|B COMMAND ANSWER
                local -n coproc=$1
                local said
                echo "$2" >&"${coproc[1]}"
                read -r said <&"${coproc[0]}"
                [ "$said" = "$3" ] || { echo "$1 $2: $said, not $3"; exit 1; }
            }
            """;

    @RegisterExtension
    final RealServer server = new RealServer();

    @BeforeAll
    static void require() {
        NfsClient.require();
    }

    private NfsClient clients(String version) {
        return server.client().version(version).with("--mount", "/mnt/b:client=2");
    }

    private String run(String version, String script) throws Exception {
        return Guest.run(server, clients(version), "b=/mnt/b\n" + script);
    }

    /** Requests that the server has carried out or refused so far. */
    private double requests() throws Exception {
        return server.metric("cairn_rpc_calls_seconds_count");
    }

    /** A client that was cut off hears that it lost its lock, and goes on: it does not ask for ever. */
    @ParameterizedTest
    @ValueSource(strings = {"4.1", "4.0"})
    void locksConflictAndGoWithTheirHolder(String version) throws Exception {
        server.start();
        String script = "b=/mnt/b; head -c 1000 /dev/zero >ranges; : >whole; : >held\n" + LOCKS + """
                asks A 'lock 0 100' yes
                asks B 'lock 50 100' no
                asks B 'lock 100 100' yes
                asks A 'share 150 10' no
                asks A 'unlock 20 30' yes
                asks B 'lock 20 30' yes
                asks B 'lock 19 1' no
                asks A 'share 500 100' yes
                asks B 'share 550 100' yes
                asks B 'lock 550 10' no
                asks A 'lock 900 0' yes
                asks B 'lock 5000000000000 1' no
                kill -9 $A_PID; wait $A_PID || :
                asks B 'lock 0 0' yes

                flock whole sh -c ': >/tmp/locked; exec sleep 1000' & holder=$!
                until [ -e /tmp/locked ]; do sleep 0.1; done
                if flock -n $b/whole true; then echo 'two have the lock'; exit 1; fi
                flock $b/whole echo 'waited for the lock' & waiter=$!
                sleep 0.5
                kill $holder $(pgrep -P $holder)
                wait $waiter

                # A client that is cut off loses its locks with its lease.
                exec 9<>$b/held
                flock -n 9
                if flock -n held true; then echo 'two have the lock'; exit 1; fi
                ip -n c2 link set mv2 down
                exec 8<>held
                flock -w 120 8
                step lost
                ip -n c2 link set mv2 up
                cat <&9 >/dev/null || :
                exec 9>&- || :
                if flock -n $b/held true; then echo 'two have the lock'; exit 1; fi
                echo back >$b/back
                [ "$(cat back)" = back ]
                step back
                for i in $(seq 10); do stat $b/held >/dev/null; sleep 0.3; done
                step quiet
                exec 8>&-
                flock -w 60 $b/held echo 'the lock is free'
                """;
        try (Guest guest = Guest.start(server, clients(version), script)) {
            guest.awaitStep("lost");
            double lost = requests();
            guest.go("lost");
            guest.awaitStep("back");
            double back = requests();
            assertThat(back - lost).as("requests until it is back").isBetween(5.0, 150.0);
            guest.go("back");
            guest.awaitStep("quiet");
            assertThat(requests() - back)
                    .as("requests for looking at a file ten times")
                    .isLessThan(60);
            guest.go("quiet");
            guest.succeeds();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.1", "4.0"})
    void eachSeesWhatTheOtherDid(String version) throws Exception {
        server.start();
        run(version, """
                for i in $(seq 100 115); do
                    echo "first $i" >shared;     [ "$(cat $b/shared)" = "first $i" ]
                    echo "other $i" >$b/shared;  [ "$(cat shared)" = "other $i" ]
                    echo more >>shared;          [ "$(wc -l <$b/shared)" = 2 ]
                    : >$b/shared;                [ "$(stat -c %s shared)" = 0 ] || { exec 8<shared; exec 8<&-; [ "$(cat shared | wc -c)" = 0 ]; }
                done
                echo kept >open
                exec 8<open
                rm $b/open
                [ "$(cat <&8)" = kept ]
                exec 8<&-
                mkdir $b/directory; echo in >directory/file; [ "$(cat $b/directory/file)" = in ]
                chmod 640 directory/file; exec 8<$b/directory/file; [ "$(stat -c %a $b/directory/file)" = 640 ]; exec 8<&-

                # Exclusive creation has one winner, and appends under a lock lose nothing.
                cat >/tmp/race <<'END'
                use Fcntl qw(:DEFAULT :flock);
                use IO::Handle;
                my ($top, $me) = @ARGV;
                my $won = 0;
                for my $i (1..100) {
                    if (sysopen(my $new, "$top/race/$i", O_CREAT | O_EXCL | O_WRONLY)) {
                        $won++;
                        print $new "$me\\n"; close $new or die;
                    } elsif (!$!{EEXIST}) { die "race $i: $!"; }
                    if (mkdir "$top/race/dir$i") { $won++; } elsif (!$!{EEXIST}) { die "mkdir $i: $!"; }
                }
                for my $i (1..50) {
                    open(my $log, '>>', "$top/log") or die $!;
                    flock($log, LOCK_EX) or die $!;
                    print $log "$me $i\\n"; $log->flush or die $!;
                    close $log or die $!;
                }
                open(my $count, '>', "/tmp/won-$me"); print $count "$won\\n";
                END
                mkdir race; : >log
                perl -MErrno /tmp/race /mnt/nfs a & a=$!
                perl -MErrno /tmp/race $b b & b=$!
                wait $a; wait $b
                echo "a won $(cat /tmp/won-a), b won $(cat /tmp/won-b)"
                [ $(($(cat /tmp/won-a) + $(cat /tmp/won-b))) = 200 ]
                [ $(ls race | wc -l) = 200 ]
                [ $(cat race/[0-9]* | grep -c '^[ab]$') = 100 ]
                for who in a b; do seq 1 50 | sed "s/^/$who /" | cmp - <(grep "^$who" log); done
                [ $(wc -l <log) = 100 ]
                """);
    }
}
