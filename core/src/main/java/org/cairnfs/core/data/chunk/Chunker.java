package org.cairnfs.core.data.chunk;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Finds where contents are cut: FastCDC with normalized chunking (Xia et al., "FastCDC: a Fast and Efficient
 * Content-Defined Chunking Approach for Data Deduplication", USENIX ATC 2016, and the 2020 revision in IEEE TPDS).
 *
 * <p>A gear hash rolls over the last 64 bytes; the first position, {@code min} bytes or more from the chunk's start, where
 * its top bits are all zero ends the chunk. Before the average size two more zero bits are asked for than the average
 * needs, after it two fewer, which draws lengths towards the average. At {@code max} the chunk ends anyhow.
 *
 * <p>The gear table comes from a secret of the file system, so that chunk lengths do not give away known files to someone
 * without it. Where a file system cuts is no part of its format (any cuts can be read), but another table or other sizes
 * would end de-duplication with what is there: so both are kept for ever.
 *
 * <p>Immutable and thread-safe; {@link #cut} is a pure function.
 */
public final class Chunker {
    /** The length of the secret that the gear table is made from, in bytes. */
    public static final int KEY_LENGTH = 32;

    private static final int NORMALIZATION = 2;

    private final ChunkSizes sizes;
    private final long[] gear;
    private final long maskBeforeAverage;
    private final long maskAfterAverage;

    /** @param gearKey {@link #KEY_LENGTH} bytes; the gear table is its AES-256-CTR key stream, 256 big-endian longs */
    public Chunker(ChunkSizes sizes, byte[] gearKey) {
        this.sizes = sizes;
        this.gear = gearTable(gearKey);
        int bits = Integer.numberOfTrailingZeros(sizes.average());
        this.maskBeforeAverage = topBits(bits + NORMALIZATION);
        this.maskAfterAverage = topBits(bits - NORMALIZATION);
    }

    /** The sizes that chunks have. */
    public ChunkSizes sizes() {
        return sizes;
    }

    /**
     * The length of the chunk that starts at {@code offset}.
     *
     * <p>It depends on the bytes up to the cut only: a result less than {@code length} is the same whatever follows. If the
     * result is {@code length} and less than the maximum, no cut was found: more contents, if there are, belong to the
     * same chunk.
     *
     * @param length how many bytes are there
     * @return 1 to {@code length}; 0 only if {@code length} is 0
     */
    public int cut(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int end = Math.min(length, sizes.max());
        if (end <= sizes.min()) {
            return end;
        }
        long[] table = gear;
        int limit = offset + end;
        int average = offset + Math.min(sizes.average(), end);
        int i = offset + sizes.min();
        long hash = 0;
        long mask = maskBeforeAverage;
        while (i < average) {
            hash = (hash << 1) + table[bytes[i++] & 0xff];
            if ((hash & mask) == 0) {
                return i - offset;
            }
        }
        mask = maskAfterAverage;
        while (i < limit) {
            hash = (hash << 1) + table[bytes[i++] & 0xff];
            if ((hash & mask) == 0) {
                return i - offset;
            }
        }
        return end;
    }

    /** As {@link #cut(byte[], int, int)}, for what remains of a heap buffer, which is left as it is. */
    public int cut(ByteBuffer contents) {
        return cut(contents.array(), contents.arrayOffset() + contents.position(), contents.remaining());
    }

    private static long topBits(int count) {
        return -1L << (64 - count);
    }

    private static long[] gearTable(byte[] key) {
        if (key.length != KEY_LENGTH) {
            throw new IllegalArgumentException("a gear key has 32 bytes, not " + key.length);
        }
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
            ByteBuffer stream = ByteBuffer.wrap(cipher.doFinal(new byte[256 * Long.BYTES]));
            long[] table = new long[256];
            stream.asLongBuffer().get(table);
            return table;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES/CTR/NoPadding", e);
        }
    }
}
