package org.cairnfs.core.metadata;

/**
 * Counts of the present.
 *
 * @param entries names
 * @param inodes of all types
 * @param chunks stored
 * @param logicalBytes sum of the sizes of regular files
 * @param uniqueBytes plain bytes of chunks that are referred to
 * @param storedBytes bytes of those chunks in packs, after compression and sealing
 * @param databaseBytes size of the database file
 */
public record MetadataStatistics(
        long entries,
        long inodes,
        long chunks,
        long logicalBytes,
        long uniqueBytes,
        long storedBytes,
        long databaseBytes) {}
