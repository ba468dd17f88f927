package org.cairnfs.core.figures;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.cairnfs.core.crypto.CipherWarmUp;
import org.cairnfs.core.data.chunk.ChunkId;
import org.cairnfs.core.data.chunk.ChunkIdHasher;
import org.cairnfs.core.data.chunk.ChunkSizes;
import org.cairnfs.core.data.chunk.Chunker;
import org.cairnfs.core.data.codec.ChunkCodec;
import org.cairnfs.core.data.codec.Compression;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** JMH: the inner loops of data, each on 1 MiB that cannot be compressed, or on 1 MiB of words. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class DataLoops {
    private static final int LENGTH = 1 << 20;

    private final Chunker chunker = new Chunker(ChunkSizes.DEFAULT, new byte[Chunker.KEY_LENGTH]);
    private final ChunkIdHasher hasher = ChunkIdHasher.keyed(new byte[32]);
    private final ChunkCodec codec = new ChunkCodec(Compression.DEFAULT);
    private final byte[] noise = new byte[LENGTH];
    private final byte[] words = new byte[LENGTH];
    private byte[] encodedWords;

    /** Makes the data, always the same. */
    @Setup
    public void fill() {
        CipherWarmUp.run();
        Random random = new Random(1);
        random.nextBytes(noise);
        byte[][] vocabulary = new byte[2_000][];
        for (int i = 0; i < vocabulary.length; i++) {
            vocabulary[i] = (Long.toString(random.nextLong() >>> 2 | 1L << 61, 36)
                                    .substring(0, 2 + random.nextInt(6)) + " ")
                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        }
        int at = 0;
        while (at < LENGTH) {
            byte[] word = vocabulary[random.nextInt(vocabulary.length)];
            int count = Math.min(word.length, LENGTH - at);
            System.arraycopy(word, 0, words, at, count);
            at += count;
        }
        encodedWords = codec.encode(words, 0, LENGTH);
    }

    /** FastCDC: all chunks of the noise. */
    @Benchmark
    public int cut() {
        int chunks = 0;
        for (int at = 0; at < LENGTH; chunks++) {
            at += chunker.cut(noise, at, LENGTH - at);
        }
        return chunks;
    }

    /** HMAC-SHA-256. */
    @Benchmark
    public ChunkId name() {
        return hasher.hash(noise, 0, LENGTH);
    }

    /** zstd-3 of words. */
    @Benchmark
    public byte[] compressWords() {
        return codec.encode(words, 0, LENGTH);
    }

    /** zstd-3 of noise, which is found not to be worth it. */
    @Benchmark
    public byte[] compressNoise() {
        return codec.encode(noise, 0, LENGTH);
    }

    @Benchmark
    public byte[] decompressWords() throws Exception {
        return ChunkCodec.decode(encodedWords, LENGTH);
    }
}
