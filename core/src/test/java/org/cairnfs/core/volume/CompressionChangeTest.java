package org.cairnfs.core.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.core.volume.VolumeFixture.createFile;
import static org.cairnfs.core.volume.VolumeFixture.lookup;
import static org.cairnfs.core.volume.VolumeFixture.op;
import static org.cairnfs.core.volume.VolumeFixture.read;
import static org.cairnfs.core.volume.VolumeFixture.stop;
import static org.cairnfs.core.volume.VolumeFixture.write;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketLayout;
import org.cairnfs.core.data.chunk.ChunkId;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.data.pack.PackEntry;
import org.cairnfs.core.data.pack.PackKind;
import org.cairnfs.core.data.pack.PackName;
import org.cairnfs.core.data.pack.PackReader;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.gc.GcListener;
import org.cairnfs.core.gc.GcPolicy;
import org.cairnfs.core.gc.GcReport;
import org.cairnfs.core.gc.GcRequest;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ObjectInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What data is compressed with changes while a file system is in use, and what was stored before stays as it was. */
class CompressionChangeTest {
    private static final GcPolicy POLICY = GcPolicy.DEFAULT.withGrace(Duration.ZERO);
    private static final int FILES = 8;

    @TempDir
    Path folder;

    private VolumeFixture fixture;
    private final Map<String, byte[]> files = new LinkedHashMap<>();

    @BeforeEach
    void make() throws Exception {
        fixture = new VolumeFixture(folder, true);
    }

    private CairnVolume open() throws Exception {
        CairnVolume volume = fixture.open(VolumeOptions.defaults()
                .withBarriers(VolumeFixture.NO_BARRIERS)
                .withGarbage(new VolumeOptions.Garbage(POLICY, Duration.ZERO)));
        volume.fileSystem().endGrace();
        return volume;
    }

    /** Text that each compressor makes shorter. */
    private static byte[] text(int seed) {
        return new Random(seed)
                .ints(6_000, 0, 500)
                .mapToObj(word -> "word" + word)
                .collect(Collectors.joining(" "))
                .getBytes(StandardCharsets.US_ASCII);
    }

    private void addFiles(CairnVolume volume, String name) throws Exception {
        for (int i = 0; i < FILES; i++) {
            byte[] bytes = text(files.size());
            write(volume.fileSystem(), createFile(volume.fileSystem(), name + i), 0, bytes);
            files.put(name + i, bytes);
        }
        volume.flush(left -> {});
    }

    private void assertAllIsThere(CairnVolume volume) throws Exception {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            assertThat(read(volume.fileSystem(), lookup(volume.fileSystem(), file.getKey())))
                    .as(file.getKey())
                    .isEqualTo(file.getValue());
        }
    }

    /** The number of the algorithm that each chunk in the bucket says it was encoded with. */
    private Map<ChunkId, Byte> algorithms() throws Exception {
        Map<ChunkId, Byte> found = new HashMap<>();
        try (Bucket bucket = fixture.bucket()) {
            for (ObjectInfo pack : bucket.store().list(BucketLayout.PACKS, "", 1_000)) {
                PackReader reader = bucket.packReader();
                for (PackReader.Listing listing : listing(
                                bucket, PackName.ofKey(pack.key()).orElseThrow())
                        .stream()
                        .toList()) {
                    for (PackEntry entry : listing.entries()) {
                        byte[] stored = bucket.store().get(pack.key(), entry.offset(), entry.storedLength());
                        found.put(
                                entry.id(),
                                ByteBuffer.wrap(reader.openEncoded(listing.info(), entry, stored, 0))
                                        .get());
                    }
                }
            }
        }
        return found;
    }

    /** What is in a pack of file data; nothing of a pack of metadata. */
    private static Optional<PackReader.Listing> listing(Bucket bucket, PackName pack) throws Exception {
        try {
            return Optional.of(bucket.packReader().list(bucket.store(), pack, PackKind.DATA));
        } catch (CorruptObjectException e) {
            bucket.packReader().list(bucket.store(), pack, PackKind.META);
            return Optional.empty();
        }
    }

    @Test
    void chunksOfAllKindsLieSideBySideAndStayAsTheyAre() throws Exception {
        CairnVolume volume = open();
        assertThat(volume.compression()).isEqualTo(Compression.DEFAULT);
        addFiles(volume, "zstd");
        Map<ChunkId, Byte> first = algorithms();
        assertThat(first.values()).hasSizeGreaterThan(FILES).containsOnly((byte) 1);
        volume.compression(Compression.NONE);
        addFiles(volume, "none");
        volume.compression(Compression.parse("lzma"));
        addFiles(volume, "lzma");
        Map<ChunkId, Byte> all = algorithms();
        assertThat(all).containsAllEntriesOf(first);
        assertThat(all.values()).contains((byte) 0, (byte) 1, (byte) 2);
        write(volume.fileSystem(), createFile(volume.fileSystem(), "again"), 0, files.get("zstd0"));
        files.put("again", files.get("zstd0"));
        volume.flush(left -> {});
        assertThat(algorithms()).as("what is there is not stored again").isEqualTo(all);
        assertAllIsThere(volume);

        for (String name : files.keySet().toArray(String[]::new)) {
            if (Integer.parseInt("0" + name.replaceAll("\\D", "")) % 4 != 0) {
                volume.fileSystem().remove(op(), volume.fileSystem().root(), Name.of(name), RemoveKind.ANY);
                files.remove(name);
            }
        }
        GcReport report = volume.collectGarbage(GcRequest.DROP_ALL, GcListener.NONE);
        assertThat(report.rewrittenPacks()).as("%s", report).isEqualTo(3);
        Map<ChunkId, Byte> left = algorithms();
        assertThat(all).containsAllEntriesOf(left);
        assertThat(left.values()).contains((byte) 0, (byte) 1, (byte) 2);
        assertThat(left.size()).isLessThan(all.size() / 2);
        stop(volume);

        fixture.loseState("elsewhere");
        CairnVolume again = open();
        assertThat(again.compression()).as("nothing of it is stored").isEqualTo(Compression.DEFAULT);
        assertAllIsThere(again);
        stop(again);
    }
}
