package org.cairnfs.core.figures;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import org.cairnfs.core.crypto.AesGcmSealer;
import org.cairnfs.core.crypto.CipherWarmUp;
import org.cairnfs.core.crypto.KeyRing;
import org.cairnfs.core.data.chunk.ChunkId;
import org.cairnfs.core.data.chunk.ChunkIdHasher;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.chunk.Chunker;
import org.cairnfs.core.data.codec.ChunkCodec;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.data.pack.PackEntry;
import org.cairnfs.core.data.pack.PackKind;
import org.cairnfs.core.data.pack.PackReader;
import org.cairnfs.core.data.pack.PackWriter;
import org.cairnfs.core.data.pack.SealedPack;
import org.cairnfs.core.objectstore.LocalObjectStore;
import org.cairnfs.core.objectstore.ObjectStore;

/**
 * What one thread does in each stage of the way of data into packs and back, warmed up. Argument: a directory for packs.
 *
 * <p>Figures are plaintext by CPU time of the thread, the best of some half seconds, so that what else the machine does counts little;
 * where a stage waits for the disk, by the clock, too.
 */
public final class StageFigures {
    private static final PrintStream OUT = System.out;
    private static final int DATA = 16 << 20;
    private static final int ROUNDS = 5;
    private static final long ROUND_NANOS = 500_000_000L;
    private static final List<String> COMPRESSIONS =
            List.of("lz4", "zstd-1", "zstd-3", "zstd-9", "zlib-6", "bzip2-6", "lzma-6");

    private final SecureRandom secure = new SecureRandom();
    private final AesGcmSealer sealer;
    private final ChunkIdHasher hasher = ChunkIdHasher.keyed(new byte[32]);
    private final Chunker chunker = new Chunker(ChunkSizes.DEFAULT, new byte[32]);
    private final ObjectStore store;
    private final PackWriter writer; // one again and again, as in the server
    private long sink;

    private StageFigures(Path directory) throws Exception {
        this.store = LocalObjectStore.create(Files.createDirectories(directory));
        this.sealer = new AesGcmSealer(KeyRing.generate(UUID.randomUUID(), secure), secure);
        this.writer = new PackWriter(sealer, PackKind.DATA, DATA + (1 << 20), secure);
    }

    /** Works on all of the data once; gives something that depends on the work. */
    @FunctionalInterface
    private interface Stage {
        long run() throws Exception;
    }

    private record Chunk(int offset, int length) {}

    public static void main(String[] arguments) throws Exception {
        CipherWarmUp.run();
        StageFigures figures = new StageFigures(Path.of(arguments[0]));
        byte[] random = new byte[DATA];
        new Random(1).nextBytes(random);
        figures.all("incompressible data", random);
        figures.all("compressible data (words)", words());
        if (figures.sink == 1) {
            OUT.println(); // so that no work is found to be without use
        }
    }

    /** Some 20,000 words, frequent and rare, as in a text. */
    private static byte[] words() {
        Random random = new Random(2);
        StringBuilder text = new StringBuilder(DATA + 16);
        while (text.length() < DATA) {
            int word = (int) Math.abs(random.nextGaussian() * 4_000);
            text.append(Integer.toString(word * 7_919, Character.MAX_RADIX)).append(word % 11 == 0 ? ".\n" : " ");
        }
        return text.substring(0, DATA).getBytes(StandardCharsets.US_ASCII);
    }

    private void all(String name, byte[] data) throws Exception {
        List<Chunk> chunks = cut(data);
        OUT.printf(
                "%nOne thread, %s, %d chunks of %d KiB on average%n", name, chunks.size(), DATA / chunks.size() >> 10);
        measure("cut (FastCDC)", () -> cut(data).size());
        List<ChunkId> ids = name(data, chunks);
        measure("name (HMAC-SHA-256)", () -> name(data, chunks).size());
        List<byte[]> stored = encode(new ChunkCodec(Compression.NONE), data, chunks);
        measure(
                "seal into a pack (AES-256-GCM)",
                () -> pack(chunks, ids, stored).body().remaining());
        measure("cut, name, seal", () -> whole(data, Compression.NONE));
        measure("cut, name, zstd-3, seal", () -> whole(data, Compression.DEFAULT));
        for (String compression : COMPRESSIONS) {
            ChunkCodec codec = new ChunkCodec(Compression.parse(compression));
            List<byte[]> encoded = encode(codec, data, chunks);
            long bytes = encoded.stream().mapToLong(each -> each.length).sum();
            String to = String.format(Locale.ROOT, " (to %d %%)", Math.round(100.0 * bytes / DATA));
            measure(
                    "compress, " + compression + to,
                    () -> encode(codec, data, chunks).size());
            measure("decompress, " + compression, () -> {
                long sum = 0;
                for (byte[] each : encoded) {
                    sum += ChunkCodec.decode(each, ChunkSizes.LARGEST).length;
                }
                return sum;
            });
        }
        back(pack(chunks, ids, encode(new ChunkCodec(Compression.DEFAULT), data, chunks)));
    }

    private long whole(byte[] data, Compression compression) {
        List<Chunk> chunks = cut(data);
        List<ChunkId> ids = name(data, chunks);
        return pack(chunks, ids, encode(new ChunkCodec(compression), data, chunks))
                .body()
                .remaining();
    }

    private void back(SealedPack pack) throws Exception {
        byte[] body = new byte[pack.body().remaining()];
        pack.body().duplicate().get(body);
        String key = pack.info().objectKey();
        measure("put (local, synced)", () -> {
            store.put(key, ByteBuffer.wrap(body));
            return body.length;
        });
        measure("get (local)", () -> store.get(key, body.length).length);
        PackReader reader = new PackReader(sealer, hasher);
        measure("open, decompress, check the name", () -> {
            long sum = 0;
            for (PackEntry entry : pack.entries()) {
                sum += reader.open(pack.info(), entry, body, entry.offset()).length;
            }
            return sum;
        });
    }

    private List<Chunk> cut(byte[] data) {
        List<Chunk> chunks = new ArrayList<>();
        for (int at = 0; at < data.length; ) {
            int length = chunker.cut(data, at, data.length - at);
            chunks.add(new Chunk(at, length));
            at += length;
        }
        return chunks;
    }

    private List<ChunkId> name(byte[] data, List<Chunk> chunks) {
        return chunks.stream()
                .map(chunk -> hasher.hash(data, chunk.offset(), chunk.length()))
                .toList();
    }

    private static List<byte[]> encode(ChunkCodec codec, byte[] data, List<Chunk> chunks) {
        return chunks.stream()
                .map(chunk -> codec.encode(data, chunk.offset(), chunk.length()))
                .toList();
    }

    private SealedPack pack(List<Chunk> chunks, List<ChunkId> ids, List<byte[]> encoded) {
        for (int i = 0; i < chunks.size(); i++) {
            writer.add(ids.get(i), encoded.get(i), chunks.get(i).length());
        }
        return writer.finish();
    }

    private void measure(String name, Stage stage) throws Exception {
        double byCpu = 0;
        double byClock = 0;
        for (int round = 0; round < ROUNDS; round++) { // where the data takes longer than a round, one will do
            long cpu = cpuNanos();
            long clock = System.nanoTime();
            long bytes = 0;
            while (bytes == 0 || System.nanoTime() - clock < ROUND_NANOS) {
                sink ^= stage.run();
                bytes += DATA;
            }
            byCpu = Math.max(byCpu, bytes * 1000.0 / (cpuNanos() - cpu));
            byClock = Math.max(byClock, bytes * 1000.0 / (System.nanoTime() - clock));
            if (cpuNanos() - cpu > 2 * ROUND_NANOS) {
                break;
            }
        }
        OUT.printf(
                Locale.ROOT,
                "%-40s %7.0f MB/s of CPU time, %6.2f ms of CPU each MB; %7.0f MB/s by the clock%n",
                name,
                byCpu,
                1000 / byCpu,
                byClock);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
