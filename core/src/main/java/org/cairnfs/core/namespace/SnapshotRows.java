package org.cairnfs.core.namespace;

import java.util.Map;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Origin;
import org.cairnfs.core.metadata.MetadataStatistics;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.Mutation;
import org.cairnfs.core.metadata.h2.ChangedInodes;

/** The metadata of a snapshot, as the verbs want them: they can be looked at. Thread-safe. */
final class SnapshotRows implements MetadataStore {
    private final MetadataStore present;
    private final MetadataView view;

    SnapshotRows(MetadataStore present, long epoch) {
        this.present = present;
        this.view = present.asOf(epoch);
    }

    @Override
    public MetadataView view() {
        return view;
    }

    @Override
    public MetadataView asOf(long epoch) {
        return present.asOf(epoch);
    }

    @Override
    public ChangedInodes changedInodes(long since, long until, ChangedInodes.Place behind, int limit) {
        return present.changedInodes(since, until, behind, limit);
    }

    @Override
    public <T> Committed<T> mutate(Mutation<T> mutation) throws FsException {
        throw readOnly();
    }

    @Override
    public <T> T update(long inode, InodeUpdate<T> update) throws FsException {
        throw readOnly();
    }

    /** Nothing of it changes, so there is nothing to lock. */
    @Override
    public <T> T locked(long inode, InodeUpdate<T> action) throws FsException {
        return action.run(
                view.inode(inode).orElseThrow(() -> new FsException(Errno.ESTALE, "inode " + inode + " is not there")),
                (after, content, payload) -> {
                    throw new IllegalStateException("a change of a snapshot");
                });
    }

    private static FsException readOnly() {
        return new FsException(Errno.EROFS, "a snapshot does not change");
    }

    @Override
    public long nextChange() {
        return present.nextChange();
    }

    @Override
    public void touchAtime(long inode, long atime) {
        // Access times are not those of the snapshot.
    }

    @Override
    public Optional<Bytes> takeResult(Origin origin) {
        return Optional.empty();
    }

    @Override
    public Map<Origin, Bytes> unanswered() {
        return Map.of();
    }

    @Override
    public void forgetUnanswered() {
        // There are none.
    }

    @Override
    public long lastSequence() {
        return present.lastSequence();
    }

    @Override
    public void answered(long sequence) {
        // Nobody asks for a change.
    }

    @Override
    public MetadataStatistics statistics() {
        return present.statistics();
    }

    @Override
    public long durableSequence() {
        return present.durableSequence();
    }

    @Override
    public void checkpointDatabase() {
        throw new IllegalStateException("a snapshot has no database of its own");
    }

    @Override
    public void close() {
        // The present is closed by whoever opened it.
    }
}
