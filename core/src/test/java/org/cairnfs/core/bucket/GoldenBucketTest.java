package org.cairnfs.core.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.crypto.RecoveryKey;
import org.cairnfs.core.crypto.Secret;
import org.cairnfs.core.data.pack.PackKind;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.ObjectStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Buckets of every format that there ever was still open, whatever was changed since. */
class GoldenBucketTest {
    private static final String RECOVERY_KEY = "GMDX-79CV-F6PW-3BXP-KWTR-F71Q-BB1H-TWX5-R4K7-DA0E-KX6M-WFPN-TGNF-CVAF";

    @TempDir
    Path folder;

    @Test
    void theEncryptedOneOfFormat1OpensWithItsPassphrase() throws Exception {
        check("format-1/encrypted", Optional.of(Passphrase.of(GoldenBuckets.PASSPHRASE.toCharArray())));
    }

    @Test
    void theEncryptedOneOfFormat1OpensWithItsRecoveryKey() throws Exception {
        check("format-1/encrypted", Optional.of(RecoveryKey.parse(RECOVERY_KEY)));
    }

    @Test
    void thePlainOneOfFormat1Opens() throws Exception {
        check("format-1/plain", Optional.empty());
    }

    private void check(String name, Optional<? extends Secret> secret) throws Exception {
        URI golden = Objects.requireNonNull(getClass().getResource("/golden/" + name))
                .toURI();
        copy(Path.of(golden), folder);
        try (ObjectStore store = LocalObjectStore.open(folder);
                Bucket bucket = Buckets.open(store, secret)) {
            FormatObject format = bucket.format();
            assertThat(format.label()).isEqualTo("golden");
            assertThat(format.created()).isEqualTo(GoldenBuckets.TIME);
            assertThat(format.chunkSizes().average()).isEqualTo(1 << 16);
            assertThat(format.compression()).hasToString("zlib-6");
            checkRoots(bucket);
            LeaseObject lease = Lease.read(bucket).orElseThrow();
            assertThat(lease.stateDirectory()).isEqualTo(GoldenBuckets.STATE_DIRECTORY);
            assertThat(lease.incarnation()).isEqualTo(3);
            assertThat(lease.host()).isEqualTo("host.example");
        }
    }

    private static void checkRoots(Bucket bucket) throws Exception {
        RootObject newest = bucket.roots().newest().orElseThrow();
        assertThat(newest.sequence()).isEqualTo(2);
        assertThat(newest.previous())
                .isEqualTo(bucket.roots().link(bucket.roots().read(1)));
        assertThat(newest.counters()).containsEntry("journal.from", 17L);
        assertThat(newest.properties()).containsEntry("made.by", "cairn");
        List<ChunkRef> chunks = newest.chunks();
        assertThat(chunks).hasSize(GoldenBuckets.COMPRESSIONS.size() + 1);
        for (int i = 0; i < chunks.size(); i++) {
            ChunkRef chunk = chunks.get(i);
            boolean data = i < GoldenBuckets.COMPRESSIONS.size();
            assertThat(chunk.pack().kind()).isEqualTo(data ? PackKind.DATA : PackKind.META);
            assertThat(bucket.packReader().read(bucket.store(), chunk.pack(), chunk.entry()))
                    .isEqualTo(GoldenBuckets.contents(data ? GoldenBuckets.COMPRESSIONS.get(i) : "none"));
            assertThat(bucket.packReader()
                            .list(
                                    bucket.store(),
                                    chunk.pack().name(),
                                    chunk.pack().kind())
                            .entries())
                    .contains(chunk.entry());
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }
}
