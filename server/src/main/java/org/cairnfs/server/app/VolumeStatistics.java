package org.cairnfs.server.app;

import org.cairnfs.core.metadata.MetadataStatistics;
import org.cairnfs.core.volume.PackStatistics;

/**
 * What a file system holds and what it costs, in the terms of s3qlstat. Sizes are bytes.
 *
 * @param entries names in all directories
 * @param inodes of all types
 * @param chunks distinct, stored
 * @param packs objects that hold them
 * @param totalBytes the sizes of all files, as clients see them, with holes
 * @param deduplicatedBytes of the distinct chunks, plain
 * @param compressedBytes of the distinct chunks, as stored
 * @param storedBytes of all packs, garbage included
 * @param databaseBytes of the local metadata database
 * @param cacheBytes on the disk
 * @param cacheBound of the disk cache
 * @param dirtyBytes not in any pack yet, and so in none of the figures of chunks
 */
public record VolumeStatistics(
        long entries,
        long inodes,
        long chunks,
        long packs,
        long totalBytes,
        long deduplicatedBytes,
        long compressedBytes,
        long storedBytes,
        long databaseBytes,
        long cacheBytes,
        long cacheBound,
        long dirtyBytes) {
    static VolumeStatistics of(
            MetadataStatistics counts, PackStatistics packs, VolumeStatus.Cache cache, long dirtyBytes) {
        return new VolumeStatistics(
                counts.entries(),
                counts.inodes(),
                counts.chunks(),
                packs.count(),
                counts.logicalBytes(),
                counts.uniqueBytes(),
                counts.storedBytes(),
                packs.bytes(),
                counts.databaseBytes(),
                cache.diskBytes(),
                cache.diskBound(),
                dirtyBytes);
    }
}
