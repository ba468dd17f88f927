package org.cairnfs.core.journal;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.zip.CRC32C;

/**
 * The first 512 bytes of a segment file; this class owns their layout. Written and synced before the first record, and
 * never again: no record shares a disk sector with it.
 *
 * <pre>
 * offset  bytes
 *      0      8  magic, "CAIRNJNL" in ASCII
 *      8      4  format version, 1
 *     12      4  sealing method: 0 plain, 1 AES-256-GCM
 *     16      4  generation of the sealing key, 0 if plain
 *     20      8  number of the segment, from 1; also the file's name
 *     28      8  first sequence: of the first record, if there is one
 *     36      8  incarnation: the start of the journal that made this segment
 *     44      8  time of making, ms since 1970; no earlier segment has a later record
 *     52     16  salt, random
 *     68     16  salt of the segment before; zeros if there is none
 *     84      8  length in bytes of the segment before, when it was ended; 0 if there is none
 *     92      8  key check: depends on the sealing key only; 0 if plain
 *    100    408  zeros
 *    508      4  CRC32C of bytes 0 to 507
 * </pre>
 *
 * All numbers are big-endian. That a segment's header stands on the disk also says that everything before it does: a
 * segment is made only after the one before was synced.
 */
record SegmentHeader(
        int method,
        int generation,
        long number,
        long firstSequence,
        long incarnation,
        long createdMillis,
        Salt salt,
        Salt previousSalt,
        long previousLength,
        long keyCheck) {
    static final int BYTES = 512;
    static final long FIRST_NUMBER = 1;

    private static final long MAGIC = 0x43414952_4E4A4E4CL;
    private static final int VERSION = 1;
    private static final int KEY_CHECK_OFFSET = 92;
    private static final int CRC_OFFSET = BYTES - Integer.BYTES;

    /** 16 random bytes, of one segment only. */
    record Salt(long high, long low) {
        static final Salt NONE = new Salt(0, 0);

        static Salt random(SecureRandom random) {
            return new Salt(random.nextLong(), random.nextLong());
        }

        byte[] toBytes() {
            return ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(high)
                    .putLong(low)
                    .array();
        }
    }

    /** What a segment's seal is bound to: all of the header but the key check. */
    byte[] context() {
        ByteBuffer out = ByteBuffer.allocate(KEY_CHECK_OFFSET);
        putFields(out);
        return out.array();
    }

    SegmentHeader withKeyCheck(long check) {
        return new SegmentHeader(
                method,
                generation,
                number,
                firstSequence,
                incarnation,
                createdMillis,
                salt,
                previousSalt,
                previousLength,
                check);
    }

    /** The {@value #BYTES} bytes, ready to be read. */
    ByteBuffer encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        putFields(out);
        out.putLong(keyCheck);
        out.putInt(CRC_OFFSET, crc(out));
        return out.clear();
    }

    /**
     * @param in {@value #BYTES} bytes at least, from its start; untrusted
     * @return null if they are not a header that was written whole
     */
    static SegmentHeader decode(ByteBuffer in) throws JournalCorruptException {
        if (in.limit() < BYTES || in.getInt(CRC_OFFSET) != crc(in) || in.getLong(0) != MAGIC) {
            return null;
        }
        if (in.getInt(8) != VERSION) {
            throw new JournalCorruptException(
                    "journal segment of format version " + in.getInt(8) + "; this program knows " + VERSION);
        }
        return new SegmentHeader(
                in.getInt(12),
                in.getInt(16),
                in.getLong(20),
                in.getLong(28),
                in.getLong(36),
                in.getLong(44),
                new Salt(in.getLong(52), in.getLong(60)),
                new Salt(in.getLong(68), in.getLong(76)),
                in.getLong(84),
                in.getLong(KEY_CHECK_OFFSET));
    }

    /** Whether these bytes were meant to be a header, damaged or not. */
    static boolean hasMagic(ByteBuffer in) {
        return in.limit() == BYTES && in.getLong(0) == MAGIC;
    }

    private void putFields(ByteBuffer out) {
        out.putLong(MAGIC).putInt(VERSION).putInt(method).putInt(generation);
        out.putLong(number).putLong(firstSequence).putLong(incarnation).putLong(createdMillis);
        out.putLong(salt.high).putLong(salt.low);
        out.putLong(previousSalt.high).putLong(previousSalt.low);
        out.putLong(previousLength);
    }

    private static int crc(ByteBuffer header) {
        CRC32C crc = new CRC32C();
        crc.update(header.duplicate().position(0).limit(CRC_OFFSET));
        return (int) crc.getValue();
    }
}
