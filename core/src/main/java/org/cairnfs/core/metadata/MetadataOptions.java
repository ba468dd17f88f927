package org.cairnfs.core.metadata;

import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.cairnfs.core.metadata.h2.DatabaseOptions;

/**
 * How a metadata store runs.
 *
 * @param incarnation of this start: over that of every start before, below 2^23
 * @param clock wall clock, nanoseconds since the epoch
 * @param oldestUnflushed at or below the sequence of every content record that no extent covers yet, {@code Long.MAX_VALUE}
 *     if there is none; called by the writer thread, must not block
 * @param cacheBytes of rows kept on the heap beside H2's own pages, about
 * @param batchMutations mutations in one database commit, at most
 * @param batchBytes of journal records in one database commit, at most (but for a single larger one)
 * @param lazySweepMillis how long rows changed outside the writer thread, and access times, stay in memory only, about
 * @param lazyRows how many of them there may be before they are swept at once
 * @param roomTimeoutMillis how long a mutation waits for room in the journal before EAGAIN
 * @param onFailure told once, when the store failed for good
 */
public record MetadataOptions(
        long incarnation,
        LongSupplier clock,
        LongSupplier oldestUnflushed,
        long cacheBytes,
        int batchMutations,
        int batchBytes,
        int lazySweepMillis,
        int lazyRows,
        long roomTimeoutMillis,
        Consumer<Throwable> onFailure,
        DatabaseOptions database) {

    public MetadataOptions {
        if (incarnation < 1 || incarnation >= 1L << 23) {
            throw new IllegalArgumentException("an incarnation of " + incarnation);
        }
    }

    /** The usual bounds: 48 MiB of rows and 48 MiB of pages. */
    public static MetadataOptions of(
            long incarnation, LongSupplier clock, LongSupplier oldestUnflushed, Consumer<Throwable> onFailure) {
        return new MetadataOptions(
                incarnation,
                clock,
                oldestUnflushed,
                48L << 20,
                512,
                4 << 20,
                1_000,
                4_096,
                5_000,
                onFailure,
                DatabaseOptions.DEFAULT);
    }

    public MetadataOptions withDatabase(DatabaseOptions other) {
        return new MetadataOptions(
                incarnation,
                clock,
                oldestUnflushed,
                cacheBytes,
                batchMutations,
                batchBytes,
                lazySweepMillis,
                lazyRows,
                roomTimeoutMillis,
                onFailure,
                other);
    }

    public MetadataOptions withCacheBytes(long other) {
        return new MetadataOptions(
                incarnation,
                clock,
                oldestUnflushed,
                other,
                batchMutations,
                batchBytes,
                lazySweepMillis,
                lazyRows,
                roomTimeoutMillis,
                onFailure,
                database);
    }
}
