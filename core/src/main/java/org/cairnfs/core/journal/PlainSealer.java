package org.cairnfs.core.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Seals nothing: adds a CRC32C of the piece, its associated data and its position, so that damage and misplacement are
 * noticed. Immutable and thread-safe.
 */
public final class PlainSealer implements JournalSealer, JournalSealer.SegmentSealer {
    /** The one instance. */
    public static final PlainSealer INSTANCE = new PlainSealer();

    private PlainSealer() {}

    @Override
    public int method() {
        return 0;
    }

    @Override
    public int generation() {
        return 0;
    }

    @Override
    public SegmentSealer forSegment(int generation, byte[] salt, byte[] context) {
        return this;
    }

    @Override
    public int tagBytes() {
        return Integer.BYTES;
    }

    @Override
    public long keyCheck() {
        return 0;
    }

    @Override
    public boolean isTransparent() {
        return true;
    }

    @Override
    public void seal(long position, byte[] associated, ByteBuffer plain, ByteBuffer target) {
        int crc = crc(position, associated, plain.duplicate());
        target.put(plain).putInt(crc);
    }

    @Override
    public void tag(long position, byte[] associated, ByteBuffer plain, ByteBuffer target) {
        target.putInt(crc(position, associated, plain));
    }

    @Override
    public ByteBuffer open(long position, byte[] associated, ByteBuffer sealed) {
        int length = sealed.remaining() - Integer.BYTES;
        if (length < 0) {
            return null;
        }
        ByteBuffer plain = sealed.slice(sealed.position(), length);
        int crc = sealed.getInt(sealed.position() + length);
        return crc(position, associated, plain.duplicate()) == crc ? plain : null;
    }

    @Override
    public String toString() {
        return "plain";
    }

    private static int crc(long position, byte[] associated, ByteBuffer plain) {
        CRC32C crc = new CRC32C();
        crc.update(plain);
        crc.update(associated);
        for (int shift = 56; shift >= 0; shift -= 8) {
            crc.update((int) (position >>> shift));
        }
        return (int) crc.getValue();
    }
}
