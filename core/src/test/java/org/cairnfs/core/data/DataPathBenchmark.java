package org.cairnfs.core.data;

import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import org.cairnfs.core.crypto.AesGcmSealer;
import org.cairnfs.core.crypto.CipherWarmUp;
import org.cairnfs.core.crypto.FrameCipher;
import org.cairnfs.core.crypto.KeyRing;
import org.cairnfs.core.crypto.ObjectKind;
import org.cairnfs.core.crypto.PlainSealer;
import org.cairnfs.core.crypto.Sealer;
import org.cairnfs.core.data.chunk.ChunkIdHasher;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.chunk.Chunker;
import org.cairnfs.core.data.codec.ChunkCodec;
import org.cairnfs.core.data.codec.Compression;

/**
 * How fast one thread does each step of the data path, cold and warm, to be run by hand: {@code java -cp ...
 * org.cairnfs.core.data.DataPathBenchmark [STEP...]}. One step per process gives figures that are cold for sure; the step
 * {@code warm-up} before it shows what {@link CipherWarmUp} is worth.
 *
 * <p>Cold is the first 64 MiB in chunks of 256 KiB; warm is the best of the half seconds that follow, up to three seconds. Times are CPU times of the
 * measuring thread, so that what else the machine does counts little.
 */
public final class DataPathBenchmark {
    private static final int CHUNK = 256 << 10;
    private static final int COLD_CHUNKS = 256;
    private static final long WARM_NANOS = 500_000_000L;
    private static final int WARM_ROUNDS = 6;

    private final byte[] random = new byte[16 << 20];
    private final byte[] text = new byte[16 << 20];
    private final SecureRandom secure = new SecureRandom();
    private final UUID id = UUID.randomUUID();
    private long sink;

    private DataPathBenchmark() {
        new Random(1).nextBytes(random);
        Random words = new Random(2);
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) "etaoin shrdlu".charAt(Math.min(12, (int) Math.abs(words.nextGaussian() * 5)));
        }
    }

    /** One step over the chunk that begins at an offset; returns something that depends on the work. */
    @FunctionalInterface
    private interface Step {
        long run(int offset) throws Exception;
    }

    public static void main(String[] steps) throws Exception {
        DataPathBenchmark benchmark = new DataPathBenchmark();
        String[] all = {"cut", "id", "zstd", "unzstd", "seal", "open", "open-pieces", "plain-seal", "plain-open"};
        System.out.printf("Java %s, MB/s (10^6 bytes of plaintext), one thread%n", Runtime.version());
        for (String step : steps.length == 0 ? all : steps) {
            if (step.equals("warm-up")) {
                CipherWarmUp.run();
                continue;
            }
            benchmark.measure(step, benchmark.step(step));
        }
    }

    private Step step(String name) throws Exception {
        Chunker chunker = new Chunker(new ChunkSizes(64 << 10, 1 << 20, 4 << 20), new byte[32]);
        ChunkIdHasher hasher = ChunkIdHasher.keyed(new byte[32]);
        ChunkCodec codec = new ChunkCodec(Compression.DEFAULT);
        Sealer aes = new AesGcmSealer(KeyRing.generate(id, secure), secure);
        Sealer plain = new PlainSealer(id, secure);
        byte[] encoded = codec.encode(text, 0, CHUNK);
        return switch (name) {
            case "cut" ->
                offset -> {
                    int done = 0; // whatever is not cut is scanned to the end, so every byte is seen once
                    while (done < CHUNK) {
                        done += chunker.cut(random, offset + done, CHUNK - done);
                    }
                    return done;
                };
            case "id" -> offset -> hasher.hash(random, offset, CHUNK).hashCode();
            case "zstd" -> offset -> codec.encode(text, offset, CHUNK).length;
            case "unzstd" -> offset -> ChunkCodec.decode(encoded, CHUNK).length;
            case "seal" -> seal(aes);
            case "open" -> open(aes, CHUNK);
            case "open-pieces" -> open(aes, 16 << 10);
            case "plain-seal" -> seal(plain);
            case "plain-open" -> open(plain, CHUNK);
            default -> throw new IllegalArgumentException("unknown step " + name);
        };
    }

    private Step seal(Sealer sealer) {
        byte[] target = new byte[CHUNK + FrameCipher.OVERHEAD];
        FrameCipher cipher = sealer.begin(ObjectKind.DATA_PACK, "pack/0");
        long[] position = {FrameCipher.HEADER_LENGTH};
        return offset -> {
            position[0] += cipher.seal(position[0], false, random, offset, CHUNK, target, 0);
            return target[100];
        };
    }

    private Step open(Sealer sealer, int frame) {
        byte[] stored = new byte[frame + FrameCipher.OVERHEAD];
        FrameCipher cipher = sealer.begin(ObjectKind.DATA_PACK, "pack/0");
        cipher.seal(FrameCipher.HEADER_LENGTH, false, random, 0, frame, stored, 0);
        return offset -> {
            long sum = 0;
            for (int done = 0; done < CHUNK; done += frame) {
                sum += cipher.open(FrameCipher.HEADER_LENGTH, false, stored, 0, stored.length).length;
            }
            return sum;
        };
    }

    private void measure(String name, Step step) throws Exception {
        long start = cpuNanos();
        for (int i = 0; i < COLD_CHUNKS; i++) {
            sink += step.run(offset(i));
        }
        double cold = rate(COLD_CHUNKS, cpuNanos() - start);
        double warm = 0;
        for (int round = 0; round < WARM_ROUNDS; round++) {
            int chunks = 0;
            start = cpuNanos();
            while (cpuNanos() - start < WARM_NANOS) {
                sink += step.run(offset(chunks++));
            }
            warm = Math.max(warm, rate(chunks, cpuNanos() - start));
        }
        System.out.printf(Locale.ROOT, "%-12s cold %6.0f   warm %6.0f   (%d)%n", name, cold, warm, sink & 1);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private int offset(int chunk) {
        return (chunk * CHUNK) % random.length;
    }

    private static double rate(int chunks, long nanos) {
        return chunks * (double) CHUNK / nanos * 1000;
    }
}
