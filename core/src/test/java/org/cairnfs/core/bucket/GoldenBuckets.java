package org.cairnfs.core.bucket;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.cairnfs.core.crypto.Argon2Cost;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.crypto.RecoveryKey;
import org.cairnfs.core.crypto.Secret;
import org.cairnfs.core.data.chunk.ChunkId;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.codec.ChunkCodec;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.data.pack.PackKind;
import org.cairnfs.core.data.pack.PackWriter;
import org.cairnfs.core.data.pack.SealedPack;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.ObjectStore;

/**
 * Writes the golden buckets: small ones, made once by the first program of each format and kept in the test resources for
 * ever, so that every later program shows that it opens them. To be run by hand, for a new format only.
 */
final class GoldenBuckets {
    static final String PASSPHRASE = "correct horse battery staple";
    static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
    static final UUID STATE_DIRECTORY = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
    static final List<String> COMPRESSIONS = List.of("none", "zstd-3", "lzma-6", "bzip2-6", "zlib-6", "lz4");

    private static final Clock CLOCK = Clock.fixed(TIME, ZoneOffset.UTC);
    private static final SecureRandom RANDOM = new SecureRandom();

    private GoldenBuckets() {}

    /** What the chunk of a compression holds. */
    static byte[] contents(String compression) {
        return ("this chunk is stored as " + compression + ". ").repeat(100).getBytes(StandardCharsets.UTF_8);
    }

    /** Writes into the folder that is the only argument, and prints the recovery key. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        RecoveryKey recovery = RecoveryKey.generate(RANDOM);
        write(folder.resolve("plain"), List.of());
        write(folder.resolve("encrypted"), List.of(Passphrase.of(PASSPHRASE.toCharArray()), recovery));
        System.out.println(recovery.print());
    }

    private static void write(Path folder, List<Secret> secrets) throws Exception {
        BucketOptions options = new BucketOptions(
                "golden", ChunkSizes.ofAverage(1 << 16), Compression.parse("zlib-6"), new Argon2Cost(256, 2, 2));
        try (ObjectStore store = LocalObjectStore.create(folder);
                Bucket bucket = Buckets.create(store, options, secrets, CLOCK)) {
            PackWriter data = bucket.packWriter(PackKind.DATA);
            PackWriter meta = bucket.packWriter(PackKind.META);
            for (String compression : COMPRESSIONS) {
                add(bucket, data, compression);
            }
            add(bucket, meta, "none");
            List<ChunkRef> chunks = new ArrayList<>(put(store, data.finish()));
            chunks.addAll(put(store, meta.finish()));
            Roots roots = bucket.roots();
            Link first = roots.write(root(1, Link.START, List.of()));
            roots.write(root(2, first, chunks));
            Lease.take(bucket, new Lease.Holder(STATE_DIRECTORY, "host.example", 4711), false, CLOCK)
                    .raise(3);
        }
    }

    private static void add(Bucket bucket, PackWriter writer, String compression) {
        byte[] plain = contents(compression);
        ChunkId id = bucket.hasher().hash(plain, 0, plain.length);
        ChunkCodec codec = new ChunkCodec(Compression.parse(compression));
        writer.add(id, codec.encode(plain, 0, plain.length), plain.length);
    }

    private static List<ChunkRef> put(ObjectStore store, SealedPack pack) throws Exception {
        store.put(pack.info().objectKey(), pack.body());
        return pack.entries().stream()
                .map(entry -> new ChunkRef(pack.info(), entry))
                .toList();
    }

    private static RootObject root(long sequence, Link previous, List<ChunkRef> chunks) {
        return new RootObject(
                sequence,
                3,
                TIME,
                previous,
                chunks,
                new TreeMap<>(Map.of("journal.from", 17L)),
                new TreeMap<>(Map.of("made.by", "cairn")));
    }
}
