package org.cairnfs.core.volume;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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
        long[] sums = new long[2];
        scan(metadata, pack -> {
            // Those that are put just now, or were never put in the end, have no size yet.
            sums[0] += pack.state() == ChunkState.PENDING ? 0 : 1;
            sums[1] += pack.size();
        });
        return new PackStatistics(sums[0], sums[1]);
    }

    /** Keys of those that some extent needs. */
    static Set<String> livingPacks(MetadataView metadata) {
        Set<String> keys = new HashSet<>();
        scan(metadata, pack -> {
            if (pack.liveBytes() > 0) {
                keys.add(pack.objectKey());
            }
        });
        return keys;
    }

    private static void scan(MetadataView metadata, Consumer<PackRow> visitor) {
        Optional<RowKey> after = Optional.empty();
        List<PackRow> page;
        do {
            page = metadata.scan(PackRow.class, after, ROWS_PER_PAGE);
            for (PackRow pack : page) {
                visitor.accept(pack);
                after = Optional.of(pack.key());
            }
        } while (page.size() == ROWS_PER_PAGE);
    }
}
