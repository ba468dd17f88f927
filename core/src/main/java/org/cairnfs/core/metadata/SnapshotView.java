package org.cairnfs.core.metadata;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.metadata.h2.AsOf;
import org.cairnfs.core.metadata.h2.Database;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeLockRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.OrphanRow;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.metadata.row.UsageRow;
import org.cairnfs.core.metadata.row.WorkRow;
import org.cairnfs.core.metadata.row.XattrRow;

/**
 * The metadata as of an epoch that a snapshot shows; what has no epoch (chunks, packs, usage) as of the present.
 *
 * <p>All of it comes from the database: what the mutation that raised the epoch had in its batch is there since it was answered, and does
 * not change any more, but for extents that are flushed as of the epoch and the bytes that an inode uses. Thread-safe.
 */
final class SnapshotView implements MetadataView {
    private final Database database;
    private final MetadataView present;
    private final FailStop failStop;
    private final long epoch;

    SnapshotView(Database database, MetadataView present, FailStop failStop, long epoch) {
        this.database = database;
        this.present = present;
        this.failStop = failStop;
        this.epoch = epoch;
    }

    private <T> T query(Database.Query<T> query) {
        try {
            return database.read(query);
        } catch (SQLException e) {
            throw failStop.fail("the metadata database could not be read", e);
        }
    }

    private Optional<Row> find(RowKey key) {
        return query(session -> AsOf.find(session, key, epoch));
    }

    @Override
    public Optional<InodeRow> inode(long inode) {
        return find(new RowKey.Inode(inode)).map(InodeRow.class::cast);
    }

    /** Access times have no history: as of a snapshot, a file was last read when it was last written. */
    @Override
    public long atime(InodeRow inode) {
        return inode.mtime();
    }

    @Override
    public Optional<DirentRow> dirent(long parent, Name name) {
        return find(new RowKey.Dirent(parent, name)).map(DirentRow.class::cast);
    }

    @Override
    public List<DirentRow> dirents(long parent, long after, int limit) {
        return query(session -> AsOf.dirents(session, epoch, parent, after, limit));
    }

    @Override
    public Optional<DirentRow> anyName(long inode) {
        return query(session -> AsOf.names(session, epoch, inode, 1)).stream().findFirst();
    }

    @Override
    public List<DirentRow> names(long inode, int limit) {
        return query(session -> AsOf.names(session, epoch, inode, limit));
    }

    @Override
    public Optional<XattrRow> xattr(long inode, Name name) {
        return find(new RowKey.Xattr(inode, name)).map(XattrRow.class::cast);
    }

    @Override
    public List<Name> xattrNames(long inode) {
        return query(session -> AsOf.xattrNames(session, epoch, inode));
    }

    @Override
    public List<XattrRow> xattrs(long inode) {
        return query(session -> AsOf.xattrs(session, epoch, inode));
    }

    @Override
    public List<ExtentRow> extents(long content, long from, long to, int limit) {
        return query(session -> AsOf.extents(session, epoch, content, from, to, limit));
    }

    @Override
    public boolean isReferenced(long chunk) {
        return present.isReferenced(chunk);
    }

    @Override
    public boolean isReferencedByHistory(long chunk) {
        return present.isReferencedByHistory(chunk);
    }

    @Override
    public List<ExtentRow> references(long chunk, int limit) {
        return present.references(chunk, limit);
    }

    @Override
    public Optional<ChunkRow> chunk(long chunk) {
        return present.chunk(chunk);
    }

    @Override
    public Optional<ChunkRow> chunkById(Bytes id) {
        return present.chunkById(id);
    }

    @Override
    public Optional<PackRow> pack(long pack) {
        return present.pack(pack);
    }

    /** Of tables without epochs only. */
    @Override
    public <R extends Row> List<R> scan(Class<R> table, Optional<RowKey> after, int limit) {
        if (Table.of(table).versioned()) {
            throw new UnsupportedOperationException("a scan of " + table + " as of an epoch");
        }
        return present.scan(table, after, limit);
    }

    /** Locks are of the present. */
    @Override
    public List<InodeLockRow> locksOf(long inode) {
        return present.locksOf(inode);
    }

    @Override
    public List<InodeLockRow> lockedBy(long lock, int limit) {
        return present.lockedBy(lock, limit);
    }

    @Override
    public List<OrphanRow> orphans() {
        return List.of();
    }

    @Override
    public List<WorkRow> works() {
        return List.of();
    }

    @Override
    public UsageRow usage(long root) {
        return present.usage(root);
    }

    @Override
    public long epoch() {
        return epoch;
    }
}
