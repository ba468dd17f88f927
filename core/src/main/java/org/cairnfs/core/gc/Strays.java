package org.cairnfs.core.gc;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.cairnfs.core.bucket.BucketLayout;
import org.cairnfs.core.data.pack.PackName;
import org.cairnfs.core.metadata.Rows;
import org.cairnfs.core.metadata.row.ChunkState;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.objectstore.ObjectInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds packs in the bucket that nothing refers to, and tells of those that are not as long as they were made: what a server left behind that died, or that lost the bucket and went on. First the list is
 * made, then the rows are looked at: what this server puts meanwhile is not in the list, or has a row. Not thread-safe.
 */
final class Strays {
    private static final Logger LOG = LoggerFactory.getLogger(Strays.class);

    /** Names that are held at a time; the list is made in parts when there are more. */
    private static final int MOST_NAMES = 250_000;

    private static final int HEX = 16;

    private final GcParts parts;
    private final LogRetention retention;
    private final Duration age;
    private long altered;

    Strays(GcParts parts, LogRetention retention, Duration age) {
        this.parts = parts;
        this.retention = retention;
        this.age = age;
    }

    /**
     * Finds them.
     *
     * @param packs how many there are, about
     * @param most that are looked for
     */
    List<PackName> find(long packs, int most) throws IOException {
        List<PackName> strays = new ArrayList<>();
        for (String prefix : prefixes(packs)) {
            strays.addAll(find(prefix));
            if (strays.size() >= most) {
                return strays.subList(0, most);
            }
        }
        return strays;
    }

    /** How many packs were found that somebody lengthened or cut. */
    long altered() {
        return altered;
    }

    static List<String> prefixes(long packs) {
        if (packs <= MOST_NAMES) {
            return List.of(BucketLayout.PACKS);
        }
        return IntStream.range(0, HEX)
                .mapToObj(Integer::toHexString)
                .flatMap(first -> packs <= (long) MOST_NAMES * HEX
                        ? List.of(BucketLayout.PACKS + first).stream()
                        : IntStream.range(0, HEX)
                                .mapToObj(second -> BucketLayout.PACKS + first + Integer.toHexString(second)))
                .toList();
    }

    private Set<PackName> find(String prefix) throws IOException {
        Instant before = parts.clock().instant().minus(age);
        Map<PackName, Long> found = new HashMap<>();
        parts.bucket().store().forEach(prefix, (ObjectInfo object) -> {
            if (!object.lastModified().isAfter(before)) {
                PackName.ofKey(object.key()).ifPresent(name -> found.put(name, object.size()));
            }
        });
        if (!found.isEmpty()) {
            found.keySet().removeAll(parts.checkpoints().packsUnderWay());
            found.keySet().removeAll(retention.kept().packs());
            parts.checkpoints()
                    .newest()
                    .ifPresent(root -> root.chunks()
                            .forEach(chunk -> found.remove(chunk.pack().name())));
            Rows.visit(parts.metadata().view(), PackRow.class, pack -> {
                Optional<Long> size = PackName.ofKey(pack.objectKey()).map(found::remove);
                size.ifPresent(length -> checkLength(pack, length));
                return true;
            });
        }
        return found.keySet();
    }

    /** No reader sees what lies behind the chunks of a pack; so the list tells. */
    private void checkLength(PackRow pack, long length) {
        if (pack.state() == ChunkState.DURABLE && length != pack.size()) {
            LOG.error(
                    "{} has {} bytes in the bucket and was put with {}: somebody changed it; what is whole in it is read on",
                    pack.objectKey(),
                    length,
                    pack.size());
            altered++;
        }
    }
}
