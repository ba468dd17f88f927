package org.cairnfs.core.volume;

import java.util.List;
import java.util.Optional;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.metadata.row.RowKey;

/**
 * Packs of file data in the bucket, garbage included.
 *
 * @param bytes of the objects
 */
public record PackStatistics(long count, long bytes) {
    private static final int ROWS_PER_PAGE = 1_000;

    /** Counts packs, by a scan of their rows. */
    public static PackStatistics of(MetadataView metadata) {
        long count = 0;
        long bytes = 0;
        Optional<RowKey> after = Optional.empty();
        List<PackRow> page;
        do {
            page = metadata.scan(PackRow.class, after, ROWS_PER_PAGE);
            for (PackRow pack : page) {
                // Those that are put just now, or were never put in the end, have no size yet.
                count += pack.state() == ChunkState.PENDING ? 0 : 1;
                bytes += pack.size();
                after = Optional.of(pack.key());
            }
        } while (page.size() == ROWS_PER_PAGE);
        return new PackStatistics(count, bytes);
    }
}
