package org.cairnfs.server.app;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.snapshot.Difference;
import org.cairnfs.server.CairnException;

/** Counts differences, and passes them on, some at a time. Used once, by one thread. */
final class ToldDifferences implements Consumer<Difference> {
    private final Batches<VolumeSnapshots.Change> batches;
    private final Map<Difference.Kind, Long> counts = new EnumMap<>(Difference.Kind.class);

    ToldDifferences(VolumeSnapshots.Changes changes) {
        batches = new Batches<>(changes::take);
    }

    @Override
    public void accept(Difference difference) {
        counts.merge(difference.kind(), 1L, Long::sum);
        batches.add(new VolumeSnapshots.Change(
                difference.kind().name().toLowerCase(Locale.ROOT),
                type(difference.type()),
                difference.path(),
                difference.before(),
                difference.aspects().stream()
                        .map(aspect -> aspect.name().toLowerCase(Locale.ROOT))
                        .toList()));
    }

    /** What a type is called in answers. */
    static String type(FileType type) {
        return type == FileType.REGULAR
                ? "file"
                : type.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** That was all. */
    VolumeSnapshots.Counts end() throws CairnException {
        batches.end();
        return new VolumeSnapshots.Counts(
                count(Difference.Kind.ADDED),
                count(Difference.Kind.REMOVED),
                count(Difference.Kind.MODIFIED),
                count(Difference.Kind.RENAMED));
    }

    private long count(Difference.Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }
}
