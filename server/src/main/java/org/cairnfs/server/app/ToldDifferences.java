package org.cairnfs.server.app;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.snapshot.Difference;
import org.cairnfs.server.CairnException;

/** Counts differences, and passes them on, some at a time. Used once, by one thread. */
final class ToldDifferences implements Consumer<Difference> {
    private static final int AT_ONCE = 200;

    private final VolumeSnapshots.Changes changes;
    private final Map<Difference.Kind, Long> counts = new EnumMap<>(Difference.Kind.class);
    private final List<VolumeSnapshots.Change> waiting = new ArrayList<>();

    ToldDifferences(VolumeSnapshots.Changes changes) {
        this.changes = changes;
    }

    /** They are not wanted any more. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private StoppedException(CairnException cause) {
            super(cause);
        }

        @Override
        public synchronized CairnException getCause() {
            return (CairnException) super.getCause();
        }
    }

    @Override
    public void accept(Difference difference) {
        counts.merge(difference.kind(), 1L, Long::sum);
        waiting.add(new VolumeSnapshots.Change(
                difference.kind().name().toLowerCase(Locale.ROOT),
                type(difference.type()),
                difference.path(),
                difference.before(),
                difference.aspects().stream()
                        .map(aspect -> aspect.name().toLowerCase(Locale.ROOT))
                        .toList()));
        if (waiting.size() == AT_ONCE) {
            try {
                pass();
            } catch (CairnException e) {
                throw new StoppedException(e);
            }
        }
    }

    /** What a type is called in answers. */
    static String type(FileType type) {
        return type == FileType.REGULAR
                ? "file"
                : type.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private void pass() throws CairnException {
        if (!waiting.isEmpty()) {
            changes.take(List.copyOf(waiting));
            waiting.clear();
        }
    }

    /** That was all. */
    VolumeSnapshots.Counts end() throws CairnException {
        pass();
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
