package org.cairnfs.core.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One open file of a journal, read and written by position.
 *
 * <p>Safe for any number of readers and one writer (write, truncate) at a time; {@link #force} may run beside all of them.
 * An interrupt of the calling thread breaks nothing off and is still set afterwards.
 */
public interface JournalFile extends Closeable {
    /** The length in bytes. */
    long size() throws IOException;

    /**
     * Writes all that remains of the sources, one after another, in as few calls of the system as can be.
     *
     * @param position in bytes, of the first byte
     * @param sources are advanced by what was written, also when this fails
     * @throws OutOfSpaceException if the disk (or the quota) is full
     */
    void write(long position, ByteBuffer... sources) throws IOException;

    /**
     * Reads until the target is full or the file ends.
     *
     * @param target is advanced by what was read
     * @return the number of bytes read, 0 at or beyond the end
     */
    int read(long position, ByteBuffer target) throws IOException;

    /**
     * Returns when all bytes written so far, and the length, are on the disk.
     *
     * @param metadata whether times and the like must be, too
     */
    void force(boolean metadata) throws IOException;

    /** Cuts the file to {@code size} bytes, at most its length. */
    void truncate(long size) throws IOException;

    @Override
    void close() throws IOException;
}
