package org.cairnfs.core.journal;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The one log of all changes, in segments of files in the state directory.
 *
 * <p><b>Invariants.</b> Sequences count up by one and are never reused within one journal directory. A record is in the
 * operating system (survives {@code kill -9}) when {@link #append} returns, and on the disk when {@link #sync} of its
 * sequence returns. What is found at opening is a prefix of what was appended, and holds all that was synced: a bad record
 * at or below the highest sequence known to be synced is corruption ({@link JournalCorruptException}), above it the log is
 * cut there.
 *
 * <p><b>Failure.</b> Any I/O failure of append or sync is fail-stop: the journal refuses everything from then on
 * ({@link JournalFailedException}), and the one listener for it is told, which ends the server.
 *
 * <p><b>Threading.</b> Safe for any number of threads. Appends are serialized by one lock (the innermost of the process; nothing
 * else is locked while it is held); a sync does not hold it while it waits for the disk; one {@code fdatasync} serves all
 * who wait.
 */
public interface Journal extends AutoCloseable {
    /** Bytes of a payload that are checked together: reading a whole one costs as much as a part of it. */
    int PAYLOAD_BLOCK = 64 << 10;

    /**
     * Waits for room under the byte bound. To be called before any lock is taken; the room is used up by the appends that
     * follow. Callers of {@link Room#RESERVE} (what frees space, and what ends work that was begun) never wait.
     *
     * @param bytes that will be appended, at most
     * @param timeoutMillis to wait at most
     * @return false if there was no room in time (the caller answers EAGAIN)
     */
    boolean awaitRoom(Room room, long bytes, long timeoutMillis) throws JournalFailedException;

    /**
     * Appends one record.
     *
     * @param head the meaning of the record, encoded; at most 4 MiB
     * @param payload bulk bytes (of a write), may be empty; at most 16 MiB; can be read back by {@link #readPayload}
     */
    Appended append(ByteBuffer head, ByteBuffer payload) throws JournalFailedException;

    /** Waits until all records up to {@code sequence} are on the disk. */
    void sync(long sequence) throws JournalFailedException;

    /** The newest appended sequence; 0 before the first. */
    long lastSequence();

    /** The newest sequence known to be on the disk. */
    long syncedSequence();

    /**
     * Reads a part of a payload; checked against its checksum (or seal) by blocks of {@link #PAYLOAD_BLOCK}, so a small read costs little.
     *
     * @param offset in the payload, of the first byte wanted
     * @param target filled from its position to its limit
     * @throws JournalCorruptException if the bytes on the disk are not those that were appended
     * @throws IllegalArgumentException beyond the payload, or if the segment was trimmed (callers hold a {@link #pin})
     */
    void readPayload(PayloadRef payload, int offset, ByteBuffer target)
            throws JournalFailedException, JournalCorruptException;

    /** Visits the records from {@code fromSequence} (or the oldest that is kept, if later) to the newest, in order. */
    void replay(long fromSequence, RecordVisitor visitor) throws JournalFailedException, JournalCorruptException;

    /**
     * Visits the heads of the records of a stretch, in order, while others append; payloads are not read and not checked.
     *
     * @param fromSequence must still be kept
     * @param toSequence was appended before this call
     */
    void heads(long fromSequence, long toSequence, RecordVisitor visitor)
            throws JournalFailedException, JournalCorruptException;

    /** The oldest sequence that is still kept; last + 1 if none is. */
    long oldestSequence();

    /** A time, in milliseconds since 1970, that the newest record is not older than; 0 if there is no record. */
    long newestNotBefore();

    /**
     * Allows all segments to go that hold only sequences below {@code sequence}; the newest segments that hold records of the
     * last {@code keepMillis} are kept anyhow, within {@code keepBytes} (origins of unanswered requests are looked for there).
     */
    void trim(long sequence) throws JournalFailedException;

    /** Keeps all present segments readable until closed, though trimmed meanwhile. */
    Pin pin();

    /** Bytes in all kept segments, their bound, and whether there is room. */
    Usage usage();

    @Override
    void close() throws JournalFailedException;

    /** Who asks for room. */
    enum Room {
        /** Ordinary mutations: wait at the bound. */
        NORMAL,
        /** What frees space: lives on the preallocated reserve. */
        RESERVE
    }

    /**
     * What an append gave.
     *
     * @param sequence of the record
     * @param payload where the payload lies, to be read back
     */
    record Appended(long sequence, PayloadRef payload) {}

    /**
     * Where a payload lies.
     *
     * @param segment number of the segment
     * @param position in the segment file, where the payload's first block begins
     * @param length of the payload in bytes
     */
    record PayloadRef(long segment, long position, int length) {}

    /** Keeps segments readable; close gives them back. */
    interface Pin extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Bytes that the journal takes, and may take.
     *
     * @param shortage why ordinary mutations have to wait; empty while they do not
     */
    record Usage(long bytes, long bound, Optional<String> shortage) {}

    /** Sees each record once, in order, during {@link #replay}. */
    @FunctionalInterface
    interface RecordVisitor {
        /**
         * Sees one record.
         *
         * @param head read-only, valid during the call
         * @param timeMillis wall clock of the append
         */
        void visit(long sequence, long timeMillis, ByteBuffer head, PayloadRef payload);
    }
}
