package org.cairnfs.core.volume;

import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.row.QuotaRow;
import org.cairnfs.core.metadata.row.UsageRow;
import org.cairnfs.core.namespace.Paths;
import org.cairnfs.core.quota.QuotaSetting;
import org.cairnfs.core.quota.Quotas;

/** The quotas of an open volume, by paths. What has returned is on the disk. Thread-safe. */
public final class TreeQuotas {
    private final MetadataStore metadata;
    private final Journal journal;
    private final FileSystem fileSystem;
    private final Quotas quotas;
    private final QuotaSetting setting;

    TreeQuotas(MetadataStore metadata, Journal journal, FileSystem fileSystem, Quotas quotas, QuotaSetting setting) {
        this.metadata = metadata;
        this.journal = journal;
        this.fileSystem = fileSystem;
        this.quotas = quotas;
        this.setting = setting;
    }

    /**
     * What a tree may hold; 0 is no limit.
     *
     * @param graceSeconds how long a soft limit may be exceeded
     */
    public record Limits(long softBytes, long hardBytes, long softInodes, long hardInodes, long graceSeconds) {}

    /**
     * The quota of a tree.
     *
     * @param path of its root
     * @param bytes that it holds: sizes of files
     * @param inodes that it holds, its root included
     * @param exceededSinceMillis since when a soft limit is exceeded, milliseconds since the epoch; 0 if none is
     * @param settled whether all of the tree counts already
     */
    public record Quota(
            String path, Limits limits, long bytes, long inodes, long exceededSinceMillis, boolean settled) {}

    /**
     * Sets the limits of a tree.
     *
     * @throws FsException ENOENT, ENOTDIR, EINVAL, EAGAIN; see {@link QuotaSetting#set}
     */
    public Quota set(String path, Limits limits) throws FsException {
        QuotaRow row = setting.set(new QuotaRow(
                Paths.find(metadata.view(), path).inode(),
                limits.softBytes(),
                limits.hardBytes(),
                limits.softInodes(),
                limits.hardInodes(),
                limits.graceSeconds(),
                0));
        stable();
        return describe(row);
    }

    /**
     * Takes the quota from a tree.
     *
     * @throws FsException ENOENT, EINVAL, EAGAIN; see {@link QuotaSetting#remove}
     */
    public void remove(String path) throws FsException {
        setting.remove(Paths.find(metadata.view(), path).inode());
        stable();
    }

    /** All quotas. */
    public List<Quota> all() {
        List<Quota> all = new ArrayList<>();
        for (QuotaRow row : quotas.all()) {
            all.add(describe(row));
        }
        return all;
    }

    private Quota describe(QuotaRow row) {
        String path = metadata.view()
                .inode(row.root())
                .flatMap(root -> fileSystem.pathOf(
                        new FileHandle(fileSystem.root().fileSystem(), root.inode(), root.generation(), 0)))
                .orElse("");
        UsageRow used = metadata.view().usage(row.root());
        return new Quota(
                path,
                new Limits(row.softBytes(), row.hardBytes(), row.softInodes(), row.hardInodes(), row.graceSeconds()),
                used.bytes(),
                used.inodes(),
                row.exceededSince(),
                !quotas.isMoving(row.root()));
    }

    private void stable() throws FsException {
        try {
            journal.sync(journal.lastSequence());
        } catch (JournalFailedException e) {
            throw new FsException(Errno.EIO, "the journal could not be synced", e);
        }
    }
}
