package org.cairnfs.core.testkit;

import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.ChunkRow;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeLockRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.OrphanRow;
import org.cairnfs.core.metadata.row.PackRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.UsageRow;
import org.cairnfs.core.metadata.row.WorkRow;
import org.cairnfs.core.metadata.row.XattrRow;

/** Reads {@link MemoryTables} under their store's lock. */
class MemoryView implements MetadataView {
    private final MemoryTables tables;
    private final Object lock;

    /** @param lock the store, whose monitor guards the tables */
    MemoryView(MemoryTables tables, Object lock) {
        this.tables = tables;
        this.lock = lock;
    }

    @Override
    public Optional<InodeRow> inode(long inode) {
        synchronized (lock) {
            return tables.inode(inode);
        }
    }

    @Override
    public long atime(InodeRow inode) {
        synchronized (lock) {
            return tables.atime(inode);
        }
    }

    @Override
    public Optional<DirentRow> dirent(long parent, Name name) {
        synchronized (lock) {
            return tables.dirent(parent, name);
        }
    }

    @Override
    public List<DirentRow> dirents(long parent, long after, int limit) {
        synchronized (lock) {
            return tables.dirents(parent, after, limit);
        }
    }

    @Override
    public Optional<DirentRow> anyName(long inode) {
        synchronized (lock) {
            return tables.anyName(inode);
        }
    }

    @Override
    public List<DirentRow> names(long inode, int limit) {
        synchronized (lock) {
            return tables.names(inode, limit);
        }
    }

    @Override
    public List<InodeLockRow> locksOf(long inode) {
        synchronized (lock) {
            return tables.locksOf(inode);
        }
    }

    @Override
    public List<InodeLockRow> lockedBy(long treeLock, int limit) {
        synchronized (lock) {
            return tables.lockedBy(treeLock, limit);
        }
    }

    @Override
    public Optional<XattrRow> xattr(long inode, Name name) {
        synchronized (lock) {
            return tables.xattr(inode, name);
        }
    }

    @Override
    public List<Name> xattrNames(long inode) {
        synchronized (lock) {
            return tables.xattrNames(inode);
        }
    }

    @Override
    public List<XattrRow> xattrs(long inode) {
        synchronized (lock) {
            return tables.xattrs(inode);
        }
    }

    @Override
    public List<ExtentRow> extents(long content, long from, long to, int limit) {
        synchronized (lock) {
            return tables.extents(content, from, to, limit);
        }
    }

    @Override
    public boolean isReferenced(long chunk) {
        synchronized (lock) {
            return tables.isReferenced(chunk);
        }
    }

    @Override
    public boolean isReferencedByHistory(long chunk) {
        synchronized (lock) {
            return tables.isReferencedByHistory(chunk);
        }
    }

    @Override
    public List<ExtentRow> references(long chunk, int limit) {
        synchronized (lock) {
            return tables.references(chunk, limit);
        }
    }

    @Override
    public Optional<ChunkRow> chunk(long chunk) {
        synchronized (lock) {
            return tables.chunk(chunk);
        }
    }

    @Override
    public Optional<ChunkRow> chunkById(Bytes id) {
        synchronized (lock) {
            return tables.chunkById(id);
        }
    }

    @Override
    public Optional<PackRow> pack(long pack) {
        synchronized (lock) {
            return tables.pack(pack);
        }
    }

    @Override
    public <R extends Row> List<R> scan(Class<R> table, Optional<RowKey> after, int limit) {
        synchronized (lock) {
            return tables.scan(table, after, limit);
        }
    }

    @Override
    public List<OrphanRow> orphans() {
        synchronized (lock) {
            return tables.orphans();
        }
    }

    @Override
    public List<WorkRow> works() {
        synchronized (lock) {
            return tables.works();
        }
    }

    @Override
    public UsageRow usage(long root) {
        synchronized (lock) {
            return tables.usage(root);
        }
    }

    @Override
    public long epoch() {
        return tables.epoch();
    }
}
