package org.cairnfs.core.volume;

import java.util.HashSet;
import java.util.Set;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.Rows;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.PackRow;

/**
 * Packs of file data in the bucket, garbage included.
 *
 * @param bytes of the objects
 */
public record PackStatistics(long count, long bytes) {
    /** Counts packs, by a scan of their rows. */
    public static PackStatistics of(MetadataView metadata) {
        long[] sums = new long[2];
        Rows.visit(metadata, PackRow.class, pack -> {
            // Those that are put just now, or were never put in the end, have no size yet.
            sums[0] += pack.state() == ChunkState.PENDING ? 0 : 1;
            sums[1] += pack.size();
            return true;
        });
        return new PackStatistics(sums[0], sums[1]);
    }

    /** Keys of those that some extent needs. */
    static Set<String> livingPacks(MetadataView metadata) {
        Set<String> keys = new HashSet<>();
        Rows.visit(metadata, PackRow.class, pack -> {
            if (pack.liveBytes() > 0) {
                keys.add(pack.objectKey());
            }
            return true;
        });
        return keys;
    }
}
