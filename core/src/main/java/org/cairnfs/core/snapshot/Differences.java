package org.cairnfs.core.snapshot;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.row.SnapshotRow;

/**
 * Tells how snapshots differ from each other and from the present. Thread-safe.
 *
 * <p>Both moments are kept by hidden snapshots as long as they are compared, whoever deletes the others meanwhile.
 */
public final class Differences {
    private final MetadataStore store;
    private final Snapshots snapshots;
    private final Runnable wakeBackground;

    /** @param wakeBackground called when there is background work to do; does not block */
    public Differences(MetadataStore store, Snapshots snapshots, Runnable wakeBackground) {
        this.store = store;
        this.snapshots = snapshots;
        this.wakeBackground = wakeBackground;
    }

    /**
     * Tells what is another in one snapshot than in another.
     *
     * @param to empty for the present, as it is at this moment
     * @param visitor is told each difference, in no order, by the calling thread; what it throws ends this
     * @throws FsException ENOENT; EAGAIN when the journal has no room
     */
    public void between(Name from, Optional<Name> to, Consumer<Difference> visitor) throws FsException {
        long one = snapshots.require(from).number();
        OptionalLong other =
                to.isPresent() ? OptionalLong.of(snapshots.require(to.get()).number()) : OptionalLong.empty();
        Kept kept = store.mutate(transaction -> new Kept(
                        HiddenSnapshots.take(transaction, OptionalLong.of(one)),
                        HiddenSnapshots.take(transaction, other)))
                .value();
        try {
            new Comparison(store, kept.from().epoch(), kept.to().epoch(), visitor).run();
        } finally {
            store.mutate(HiddenSnapshots.freeing(transaction -> {
                HiddenSnapshots.drop(transaction, kept.from().number());
                HiddenSnapshots.drop(transaction, kept.to().number());
                return null;
            }));
            wakeBackground.run();
        }
    }

    private record Kept(SnapshotRow from, SnapshotRow to) {}

    /** Of a path: only what is at or below it, in the one or the other. */
    public static Consumer<Difference> below(String path, Consumer<Difference> visitor) throws FsException {
        if (!path.startsWith("/")) {
            throw new FsException(Errno.EINVAL, "'" + path + "' is no absolute path");
        }
        String top = path.replaceAll("/+$", "");
        return difference -> {
            if (isBelow(difference.path(), top) || isBelow(difference.before(), top)) {
                visitor.accept(difference);
            }
        };
    }

    private static boolean isBelow(String path, String top) {
        return path.equals(top) || path.startsWith(top + "/");
    }
}
