package org.cairnfs.core.namespace;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.cairnfs.core.data.Contents;
import org.cairnfs.core.data.FreeContent;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.Transaction;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.OrphanRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.quota.Quotas;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of inodes: one goes with its last name, unless it is pinned (open) or may have been open before the restart; then
 * it lives on as an orphan until its last unpin, or the end of grace.
 *
 * <p>Invariant: an inode has nlink 0 exactly if it has an {@link OrphanRow}. Only a directory that {@link TreeRemoval} detached, or in which
 * {@link TreeCopy} makes a copy, has entries then.
 *
 * <p>Threading: pins are counted under the inode's lock, which a mutation that takes the last name holds; so a pin comes
 * before it and is seen, or after it and fails; an unpin comes before it, or after it and finds the orphan. {@code grace} is
 * set on the writer thread, which is the only one that makes orphans.
 */
final class Orphans {
    private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);

    private final MetadataStore store;
    private final Writer writer;
    private final Handles handles;
    private final Contents contents;
    private final FreeContent freeContent;
    private final Quotas quotas;
    private final Runnable wakeBackground;
    private final Map<Long, Integer> pins = new ConcurrentHashMap<>();
    private volatile boolean grace = true;

    /**
     * Orphans of a file system that was just opened: in grace.
     *
     * @param wakeBackground called when there is work to do in the background
     */
    Orphans(
            MetadataStore store,
            Writer writer,
            Handles handles,
            Contents contents,
            FreeContent freeContent,
            Quotas quotas,
            Runnable wakeBackground) {
        this.store = store;
        this.writer = writer;
        this.handles = handles;
        this.contents = contents;
        this.freeContent = freeContent;
        this.quotas = quotas;
        this.wakeBackground = wakeBackground;
    }

    void pin(FileHandle handle) throws FsException {
        handles.inode(store.view(), handle);
        store.locked(handle.inode(), (present, appender) -> pins.merge(handle.inode(), 1, Integer::sum));
    }

    void unpin(FileHandle handle) {
        long inode = handle.inode();
        boolean lastOfOrphan;
        try {
            lastOfOrphan = store.locked(inode, (present, appender) -> decrement(inode) && present.nlink() == 0);
        } catch (FsException e) {
            // The inode is gone already: nothing is left but the count.
            decrement(inode);
            return;
        }
        if (lastOfOrphan && !grace) {
            purge(List.of(new OrphanRow(inode)));
        }
    }

    private boolean decrement(long inode) {
        return pins.computeIfPresent(inode, (key, count) -> count == 1 ? null : count - 1) == null;
    }

    /** Opens of before the restart are reclaimed or lost: removes the orphans that nobody pinned anew. */
    void endGrace() throws FsException {
        if (writer.isReadOnly()) {
            grace = false;
            return;
        }
        // On the writer thread, so that no removal still makes an orphan because of the grace after we looked for them.
        writer.changeFreeing(new OpContext(Credentials.ROOT), transaction -> {
            grace = false;
            return null;
        });
        purge(store.view().orphans());
    }

    private void purge(List<OrphanRow> orphans) {
        OpContext internal = new OpContext(Credentials.ROOT);
        for (OrphanRow orphan : orphans) {
            if (pins.containsKey(orphan.inode()) || writer.isReadOnly()) {
                continue;
            }
            try {
                writer.changeFreeing(internal, transaction -> {
                    InodeRow row = transaction.inode(orphan.inode()).orElse(null);
                    // What has entries is a tree that is being removed, and goes when that is done.
                    // And so does what a copy is made in.
                    if (row != null
                            && row.nlink() == 0
                            && row.entries() == 0
                            && (row.flags() & InodeRow.FLAG_HIDDEN) == 0
                            && !mayBeOpen(row)) {
                        destroy(transaction, row);
                    }
                    return null;
                });
            } catch (FsException e) {
                LOG.warn(
                        "Inode {} is open no more but could not be removed; it goes after the next start",
                        orphan.inode(),
                        e);
            }
        }
    }

    /**
     * Takes one name from an inode that the mutation has read by {@link Transaction#inode}: one less, or its end. The entry
     * and the directory are the caller's.
     */
    void loseName(Transaction transaction, InodeRow inode) {
        int left = inode.isDirectory() ? 0 : inode.nlink() - 1;
        if (left == 0 && !mayBeOpen(inode)) {
            destroy(transaction, inode);
            return;
        }
        transaction.put(inode.edit()
                .nlink(left)
                .ctime(transaction.now())
                .change(transaction.nextChange())
                .build());
        if (left == 0) {
            transaction.put(new OrphanRow(inode.inode()));
        }
    }

    /** A removed tree has no entries any more: ends its top, which is an orphan, or leaves it so while it is pinned. */
    void emptied(Transaction transaction, InodeRow top) {
        if (mayBeOpen(top)) {
            transaction.put(top);
        } else {
            destroy(transaction, top);
        }
    }

    /** Whether what was open before the restart may still be reclaimed. */
    boolean isGrace() {
        return grace;
    }

    private boolean mayBeOpen(InodeRow inode) {
        return grace || pins.containsKey(inode.inode());
    }

    /** Deletes all rows of an inode. Attribute names are bounded (see {@link ExtendedAttributes}), so this is one step. */
    private void destroy(Transaction transaction, InodeRow inode) {
        long number = inode.inode();
        transaction.delete(inode.key());
        transaction.delete(new RowKey.Atime(number));
        if (inode.nlink() == 0) {
            transaction.delete(new RowKey.Orphan(number));
        }
        if (inode.xattrs() > 0) {
            for (Name name : transaction.xattrNames(number)) {
                transaction.delete(new RowKey.Xattr(number, name));
            }
        }
        if (inode.type() == FileType.REGULAR) {
            dropContent(transaction, inode);
        }
        quotas.rootGone(transaction, inode);
    }

    /** Ends the content of a file, which goes too, or gets another one. */
    void dropContent(Transaction transaction, InodeRow file) {
        contents.drop(transaction, file);
        if (freeContent.free(transaction, file.content())) {
            transaction.afterCommit(wakeBackground);
        }
    }
}
