package org.cairnfs.core.data.read;

import java.nio.ByteBuffer;
import java.util.List;
import org.cairnfs.core.fs.FsException;

/** Gives the plain bytes of stored chunks. Thread-safe. */
@FunctionalInterface
public interface ChunkSource {
    /**
     * The whole plaintext of a chunk, read-only, from 0 to its capacity; verified against its id.
     *
     * @throws FsException EIO if it is damaged or missing (the log names the object); EAGAIN if the store is away
     */
    ByteBuffer chunk(long chunk) throws FsException;

    /** Says that these chunks are read next, one after the other; a source may fetch them at the same time. */
    default void willRead(List<Long> chunks) {
        // Who fetches each when it is asked for needs no word.
    }
}
