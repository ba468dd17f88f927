package org.cairnfs.core.journal;

import java.nio.ByteBuffer;

/**
 * Protects heads and payload blocks of the journal: by a checksum only ({@link PlainSealer}), or by authenticated
 * encryption ({@link AesGcmSealer}). Thread-safe.
 */
public interface JournalSealer {
    /** Which way of sealing, as it stands in segment headers: 0 plain, 1 AES-256-GCM. */
    int method();

    /** The generation of the key that new segments are sealed with; 0 where there is none. */
    int generation();

    /**
     * The sealer of one segment.
     *
     * @param generation as the segment's header says, untrusted
     * @param salt random, of this segment only; 16 bytes
     * @param context what the segment's header says of itself; all pieces are bound to it
     * @throws JournalCorruptException if there is no key of this generation
     */
    SegmentSealer forSegment(int generation, byte[] salt, byte[] context) throws JournalCorruptException;

    /**
     * Seals and opens the pieces of one segment. Thread-safe.
     *
     * <p>A sealed piece is as long as the plain one, and {@link #tagBytes} more. No two pieces of a segment have the same
     * position, and a position is never written twice with different bytes (a segment is written by one start of the
     * journal only, which ends at the first failure), so the position serves as nonce.
     */
    interface SegmentSealer {
        /** By how much sealing lengthens a piece. */
        int tagBytes();

        /** 8 bytes that depend on the key only: tells another key from damage. */
        long keyCheck();

        /**
         * Whether a sealed piece is the plain one with a tag behind it, so that {@link #tag} can be used and the piece itself
         * be written from where it is.
         */
        boolean isTransparent();

        /** Seals what remains of {@code plain} to {@code target}; both are advanced, and do not overlap. */
        void seal(long position, byte[] associated, ByteBuffer plain, ByteBuffer target);

        /** Puts only the tag; {@code plain} is advanced. Where {@link #isTransparent}. */
        void tag(long position, byte[] associated, ByteBuffer plain, ByteBuffer target);

        /**
         * Checks and opens a sealed piece.
         *
         * @param sealed from its position to its limit, with the tag; not changed
         * @return the plain piece: a view of {@code sealed}, or a buffer of its own; null if the bytes are not those that
         *     were sealed at this position with this associated data
         */
        ByteBuffer open(long position, byte[] associated, ByteBuffer sealed);
    }
}
