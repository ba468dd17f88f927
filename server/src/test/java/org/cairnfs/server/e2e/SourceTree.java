package org.cairnfs.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A tree for guests to copy: as much of this machine's {@code /usr/include} and {@code /usr/share/doc} as is wanted, what lacks
 * made up for by generated files; and {@code special}, one of everything that a copy may stumble over.
 *
 * <p>A guest sees the first in the shared folder, where it sees times in whole seconds only (so these have no other). The second
 * travels in an archive, which keeps nanoseconds. What a copy has to look like is written down on this machine.
 */
final class SourceTree {
    /** All of the real trees. */
    static final int WHOLE = 1_000_000;

    /** Without the sizes and link counts of directories, which each file system counts in its own way. */
    private static final String DESCRIBE = """
            describe() {
                (cd "$1" && find . -type d -printf '%P d %m %U %G %T@\\n' -o \\
                    -printf '%P %y %m %U %G %T@ %s %n %l\\n' | LC_ALL=C sort)
            }
            """;

    /** In a guest: copies the tree to {@code $1}. */
    static final String COPY = """
            copy() {
                mkdir -p "$1"
                [ -d /tmp/special ] || tar -C /tmp -xpf /mnt/host/special.tar
                cp -a /tmp/special "$1"
                cp -a /mnt/host/source "$1"
            }
            """;

    /** In a guest: fails unless {@code $1} is equal to the tree. */
    static final String COMPARE = DESCRIBE + """
            compare() {
                [ -d /tmp/special ] || tar -C /tmp -xpf /mnt/host/special.tar
                # diff compares nothing of what it does not read
                diff -r --no-dereference -x fifo -x null -x disk /tmp/special "$1/special"
                diff -r --no-dereference /mnt/host/source "$1/source"
                describe "$1/special" | diff /mnt/host/special.list -
                describe "$1/source" | diff /mnt/host/source.list -
            }
            """;

    private static final String MAKE = """
            set -euo pipefail
            share=$1 most=$2 least=$3

            mkdir "$share/source"
            cd /
            for top in usr/include usr/share/doc; do
                [ -d $top ] || continue
                for each in $(find $top -mindepth 1 -maxdepth 1 | LC_ALL=C sort); do
                    n=$(find $each | wc -l)
                    if ((n <= most)); then cp -a --parents $each "$share/source"; most=$((most - n)); fi
                done
            done
            cd "$share/source"
            for ((i = $(find . | wc -l); i < least; i++)); do
                mkdir -p generated/$((i / 100))
                seq $i $((i * 7 % 5000 + i)) >generated/$((i / 100))/file-$i
            done
            find . -depth -printf '%Ts %p\\0' | while IFS=' ' read -rd '' seconds name; do
                touch -h -d "@$seconds" "$name"
            done

            mkdir "$share/special"
            cd "$share/special"
            mkdir empty sticky setgid
            chmod 1777 sticky; chown 1234:4321 setgid; chmod 2775 setgid
            echo linked >one; ln one two; ln one sticky/three
            ln -s one to-one; ln -s ../nowhere dangling; ln -s "$(printf '%1000s' x | tr ' ' y)" long-link
            chown -h 77:78 to-one
            mkfifo fifo
            mknod null c 1 3; mknod disk b 8 1
            : >nothing
            printf x >"$(printf '%255s' n | tr ' ' n)"
            printf x >"$(printf 'bytes \\377\\376 not utf-8')"
            printf x >"$(printf 'new\\nline * ? "quotes" \\\\')"
            echo secret >unreadable; chmod 000 unreadable
            echo run >setuid; chown 10:20 setuid; chmod 6755 setuid
            echo old >ancient; touch -d '1901-12-14 12:00:00' ancient
            echo new >future; touch -d '2111-11-11 11:11:11.987654321' future
            truncate -s 4M sparse; printf middle | dd of=sparse bs=1M seek=2 conv=notrunc status=none
            head -c 1000000 /dev/urandom >random
            touch -d '2001-02-03 04:05:06.000000007' sticky
            cd ..
            tar --format=pax --sparse -cf special.tar special
            """ + DESCRIBE + """
            describe special >special.list
            describe source >source.list
            rm -r special
            wc -l <source.list
            """;

    private SourceTree() {}

    /**
     * Makes one.
     *
     * @param share the folder that guests see
     * @param most entries from real trees
     * @param least entries in all
     */
    static void make(Path share, int most, int least) throws Exception {
        String entries = shell(MAKE, share.toString(), String.valueOf(most), String.valueOf(least));
        assertThat(Long.parseLong(entries.strip())).isGreaterThanOrEqualTo(least);
    }

    /** Runs a script on this machine, which must succeed; gives what it prints. */
    private static String shell(String script, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("bash", "-c", script, "bash"));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("cairn-it", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            boolean ended = process.waitFor(10, TimeUnit.MINUTES);
            process.destroyForcibly();
            String said = Files.readString(out);
            assertThat(ended && process.exitValue() == 0).as(said).isTrue();
            return said;
        } finally {
            Files.delete(out);
        }
    }
}
