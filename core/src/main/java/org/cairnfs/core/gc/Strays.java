package org.cairnfs.core.gc;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.cairnfs.core.bucket.BucketLayout;
import org.cairnfs.core.data.pack.PackName;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.objectstore.ObjectInfo;

/**
 * Finds packs in the bucket that nothing refers to: what a server left behind that died, or that lost the bucket and went on. First the list is
 * made, then the rows are looked at: what this server puts meanwhile is not in the list, or has a row. Not thread-safe.
 */
final class Strays {
    /** Names that are held at a time; the list is made in parts when there are more. */
    private static final int MOST_NAMES = 250_000;

    private static final int HEX = 16;

    private final GcParts parts;
    private final LogRetention retention;
    private final Duration age;

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
        Set<PackName> found = new HashSet<>();
        parts.bucket().store().forEach(prefix, (ObjectInfo object) -> {
            if (!object.lastModified().isAfter(before)) {
                PackName.ofKey(object.key()).ifPresent(found::add);
            }
        });
        if (!found.isEmpty()) {
            found.removeAll(parts.checkpoints().packsUnderWay());
            found.removeAll(retention.kept().packs());
            parts.checkpoints()
                    .newest()
                    .ifPresent(root -> root.chunks()
                            .forEach(chunk -> found.remove(chunk.pack().name())));
            Steps.scan(parts.metadata().view(), PackRow.class, pack -> {
                Optional<PackName> name = PackName.ofKey(pack.objectKey());
                name.ifPresent(found::remove);
                return true;
            });
        }
        return found;
    }
}
