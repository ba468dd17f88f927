package org.cairnfs.server.app;

import java.util.OptionalLong;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.Progress;

/** What may be changed of an open file system while it is in use; until it ends, as nothing of it is stored. Thread-safe. */
public interface Tuning {
    /**
     * A bound of bytes per second, on average, each way.
     *
     * @param up to the object store; 0 for none
     * @param down from it; 0 for none
     */
    record Bandwidths(long up, long down) {}

    /**
     * What was fetched into the caches.
     *
     * @param bytes that those files hold in the object store
     */
    record Warmed(long files, long bytes) {}

    /** Bytes in the caches, and their bounds. */
    VolumeStatus.Cache caches();

    /**
     * Sets the bounds of the caches; takes effect at once.
     *
     * @param memory in bytes; empty to leave it
     * @param disk in bytes; empty to leave it
     * @throws CairnException of USAGE if there is no disk cache to be resized
     */
    void resize(OptionalLong memory, OptionalLong disk) throws CairnException;

    /** Forgets what is in the caches; nothing of it is the only copy. */
    void drop(boolean memory, boolean disk);

    /**
     * Fetches a file, or all files below a directory, into the caches.
     *
     * @param path absolute, inside the file system
     */
    Warmed warm(String path, Progress progress) throws CairnException;

    Bandwidths bandwidths();

    /** What new data is compressed with. */
    Compression compression();

    /**
     * Compresses new data so from now on; what is stored already stays as it is.
     *
     * @throws CairnException of USAGE where nothing is stored
     */
    void compress(Compression compression) throws CairnException;

    /**
     * Sets bounds of bandwidth; those who wait notice within a second.
     *
     * @param up bytes per second, 0 for no bound; empty to leave it
     * @param down likewise
     */
    void limit(OptionalLong up, OptionalLong down);
}
