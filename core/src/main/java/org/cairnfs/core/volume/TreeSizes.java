package org.cairnfs.core.volume;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.UsageRow;
import org.cairnfs.core.namespace.Paths;
import org.cairnfs.core.namespace.RootDirectory;
import org.cairnfs.core.quota.Quotas;
import org.cairnfs.core.snapshot.Snapshot;
import org.cairnfs.core.snapshot.Snapshots;
import org.cairnfs.core.usage.TreeMeter;
import org.cairnfs.core.usage.TreeUsage;

/** What trees of an open volume hold, by their paths: of the present, or of a snapshot. Thread-safe. */
public final class TreeSizes {
    private static final String SNAPSHOTS = "/.snapshots/";

    private final MetadataStore metadata;
    private final Snapshots snapshots;
    private final Quotas quotas;
    private final BooleanSupplier ended;

    TreeSizes(MetadataStore metadata, Snapshots snapshots, Quotas quotas, BooleanSupplier ended) {
        this.metadata = metadata;
        this.snapshots = snapshots;
        this.quotas = quotas;
        this.ended = ended;
    }

    /**
     * Measures what a path leads to. The whole file system, and a tree with a quota that is settled, have counters: they take no time.
     *
     * @param path absolute; in {@code /.snapshots/NAME} as it was then
     * @param stored whether to look, too, at what it needs in the storage, which takes a look at every chunk
     * @throws FsException ENOENT, EINVAL; EAGAIN if the volume ends meanwhile
     */
    public TreeUsage of(String path, boolean stored, TreeMeter.Listener listener) throws FsException {
        if (!path.startsWith(SNAPSHOTS)) {
            InodeRow root = Paths.find(metadata.view(), path);
            return stored || !hasCounter(root)
                    ? new TreeMeter(metadata.view(), newestSnapshot(), listener, ended).measure(root, stored)
                    : counter(root);
        }
        String inside = path.substring(SNAPSHOTS.length());
        int end = inside.indexOf('/') < 0 ? inside.length() : inside.indexOf('/');
        Snapshot snapshot = snapshots.require(Name.of(inside.substring(0, end)));
        MetadataView then = metadata.asOf(snapshot.epoch());
        try {
            InodeRow root = Paths.find(then, "/" + inside.substring(end));
            return new TreeMeter(then, OptionalLong.empty(), listener, ended).measure(root, stored);
        } finally {
            requireThere(snapshot);
        }
    }

    private OptionalLong newestSnapshot() {
        return OptionalLong.of(
                snapshots.all().stream().mapToLong(Snapshot::epoch).max().orElse(0));
    }

    /** What was read of one that is still there was whole. */
    private void requireThere(Snapshot snapshot) throws FsException {
        if (snapshots.find(snapshot.number()).isEmpty()) {
            throw new FsException(Errno.ENOENT, "snapshot " + snapshot.name() + " was deleted meanwhile");
        }
    }

    private boolean hasCounter(InodeRow root) {
        return root.inode() == RootDirectory.INODE
                || quotas.of(root.inode()).isPresent() && !quotas.isMoving(root.inode());
    }

    private TreeUsage counter(InodeRow root) {
        UsageRow used = metadata.view().usage(root.inode() == RootDirectory.INODE ? 0 : root.inode());
        return new TreeUsage(used.bytes(), used.inodes(), true, Optional.empty());
    }
}
