package org.cairnfs.core.journal;

import java.io.IOException;
import java.util.List;

/**
 * The one directory of files that a journal lies in: the port between the journal and the operating system.
 *
 * <p>Nothing is durable before it was asked for: bytes and size of a file by {@link JournalFile#force}, names (made or
 * deleted) by {@link #syncDirectory}. What was not asked for may survive a power loss or not, in any order.
 *
 * <p>Implementations are safe for any number of threads.
 */
public interface JournalFiles {
    /** The names of all files in the directory, in no particular order. */
    List<String> list() throws IOException;

    /** Makes an empty file; fails if there is one of that name. */
    JournalFile create(String name) throws IOException;

    /** Opens a file that is there, for reading and writing. */
    JournalFile open(String name) throws IOException;

    /** Deletes a file; fails if there is none. Its name is gone for good only after {@link #syncDirectory}. */
    void delete(String name) throws IOException;

    /** Makes the names durable. */
    void syncDirectory() throws IOException;

    /** Bytes that can still be written to the disk of this directory, by an estimate. */
    long usableSpace() throws IOException;
}
