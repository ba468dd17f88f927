package org.cairnfs.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Sets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.testing.CairnProcess.Result;
import org.cairnfs.server.testing.NfsClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A flipped bit in an object of the bucket, as clients and operators see it. Core tries many positions of it. */
class DamageIT {
    @RegisterExtension
    final RealServer server = new RealServer();

    @Test
    void damagedDataIsAnErrorOfJustItsFileUntilItIsMended() throws Exception {
        NfsClient.require();
        server.start();
        try (Guest guest = Guest.start(server, """
                mkdir -p /tmp/source
                for name in one two three; do
                    head -c 3000000 /dev/urandom >/tmp/source/$name
                    cp /tmp/source/$name .
                    step "written-$name"
                done
                forget() { cd /; sync; echo 3 >/proc/sys/vm/drop_caches; cd /mnt/nfs; }
                forget
                diff -r /tmp/source .
                step whole
                forget
                cmp one /tmp/source/one
                if cat two >/tmp/read 2>/tmp/error; then echo 'damage was not noticed'; exit 1; fi
                grep 'two: Input/output error' /tmp/error
                cmp three /tmp/source/three
                [ $(stat -c %s two) = 3000000 ]
                step damaged
                forget
                diff -r /tmp/source .
                """)) {
            Set<String> first = flushed(guest, "one");
            Set<String> second = flushed(guest, "two");
            flushed(guest, "three");
            String pack = largest(Sets.difference(second, first));
            guest.awaitStep("whole");
            server.terminate();
            flip(pack);
            server.startAgain(); // its caches are empty
            guest.go("whole");
            guest.awaitStep("damaged");
            assertThat(server.log()
                            .lines()
                            .filter(line -> line.contains("ERROR"))
                            .toList())
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).contains(pack));
            flip(pack);
            guest.go("damaged");
            guest.succeeds();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"keys", "lease", "log/", "format"})
    void aServerRefusesWhatItCannotTrustInOneLine(String kind) throws Exception {
        server.start();
        server.stop();
        String object = server.objects().keySet().stream()
                .filter(key -> key.startsWith(kind))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        flip(object);
        Result refused = server.refused("state");
        assertThat(refused.err().lines()).as(refused.err()).hasSize(1);
        assertThat(refused.err()).startsWith("cairn: ").contains(object);
        assertThat(ExitCode.ofNumber(refused.code())).isEqualTo(ExitCode.DAMAGED);
        flip(object);
        server.startAgain();
    }

    @Test
    void damagedMetadataIsRefusedWhereTheStateIsLost() throws Exception {
        server.start();
        server.stop();
        String log = server.objects().keySet().stream()
                .filter(key -> key.startsWith("log/"))
                .min(Comparator.naturalOrder())
                .orElseThrow();
        flip(log);
        Result refused = server.refused("another-state");
        assertThat(refused.err().lines()).as(refused.err()).hasSize(1);
        assertThat(refused.err()).startsWith("cairn: ").contains(log);
        assertThat(ExitCode.ofNumber(refused.code())).isEqualTo(ExitCode.DAMAGED);
    }

    /** Brings the file that the guest wrote into the bucket; gives the keys of all objects then. */
    private Set<String> flushed(Guest guest, String name) throws Exception {
        guest.awaitStep("written-" + name);
        server.flush();
        guest.go("written-" + name);
        return server.objects().keySet();
    }

    private String largest(Set<String> objects) throws Exception {
        Map<String, Path> files = server.objects();
        return objects.stream()
                .filter(key -> key.startsWith("pack/"))
                .max(Comparator.comparing(key -> files.get(key).toFile().length()))
                .orElseThrow();
    }

    private void flip(String object) throws Exception {
        Path file = server.objects().get(object);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 0x10;
        Files.write(file, bytes);
    }
}
