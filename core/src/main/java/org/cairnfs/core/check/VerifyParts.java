package org.cairnfs.core.check;

import java.nio.file.Path;
import java.time.Clock;
import java.util.function.LongConsumer;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.data.read.ChunkSource;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.metadata.H2MetadataStore;
import org.cairnfs.core.snapshot.Snapshots;

/**
 * The parts of an open file system that reading its data back needs.
 *
 * @param chunks gives chunks, from caches first
 * @param storing stores a chunk anew
 * @param moved told the number of a chunk that lies elsewhere now
 * @param scratch private directory for what is sorted; there
 */
public record VerifyParts(
        H2MetadataStore metadata,
        Bucket bucket,
        Snapshots snapshots,
        ChunkSource chunks,
        Storing storing,
        LongConsumer moved,
        Path scratch,
        Clock clock) {

    /** Stores bytes as a chunk of its own. */
    @FunctionalInterface
    public interface Storing {
        /** Returns the number of the chunk, which is durable, and which nothing refers to. */
        long storeAnew(byte[] plain) throws FsException;
    }
}
