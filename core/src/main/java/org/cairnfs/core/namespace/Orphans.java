package org.cairnfs.core.namespace;

import java.util.List;
import java.util.Optional;
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
import org.cairnfs.core.metadata.row.DirentRow;
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
 * <p>Invariant: an inode has nlink 0 exactly if it has an {@link OrphanRow}, or the trash keeps it ({@link Trashing}). Only a directory that {@link TreeRemoval} detached, or in which
 * {@link TreeCopy} makes a copy, has entries then.
 *
 * <p>Threading: pins are counted under the inode's lock, which a mutation that takes the last name holds; so a pin comes
 * before it and is seen, or after it and fails; an unpin comes before it, or after it and finds the orphan. Grace ends
 * on the writer thread, which is the only one that makes orphans.
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
    private final Pins pins;
    private final Trashing trashing;

    /**
     * Orphans of a file system that was just opened.
     *
     * @param pins in grace
     * @param wakeBackground called when there is work to do in the background
     */
    Orphans(
            MetadataStore store,
            Writer writer,
            Handles handles,
            Pins pins,
            Trashing trashing,
            Contents contents,
            FreeContent freeContent,
            Quotas quotas,
            Runnable wakeBackground) {
        this.store = store;
        this.writer = writer;
        this.handles = handles;
        this.pins = pins;
        this.trashing = trashing;
        this.contents = contents;
        this.freeContent = freeContent;
        this.quotas = quotas;
        this.wakeBackground = wakeBackground;
    }

    void pin(FileHandle handle) throws FsException {
        handles.inode(store.view(), handle);
        store.locked(handle.inode(), (present, appender) -> {
            pins.add(handle.inode());
            return null;
        });
    }

    void unpin(FileHandle handle) {
        long inode = handle.inode();
        boolean lastOfOrphan;
        try {
            lastOfOrphan = store.locked(inode, (present, appender) -> pins.remove(inode) && present.nlink() == 0);
        } catch (FsException e) {
            // The inode is gone already: nothing is left but the count.
            pins.remove(inode);
            return;
        }
        if (lastOfOrphan && !pins.isGrace()) {
            purge(List.of(new OrphanRow(inode)));
        }
    }

    /** Opens of before the restart are reclaimed or lost: removes the orphans that nobody pinned anew. */
    void endGrace() throws FsException {
        if (writer.isReadOnly()) {
            pins.endGrace();
            return;
        }
        // On the writer thread, so that no removal still makes an orphan because of the grace after we looked for them.
        writer.changeFreeing(new OpContext(Credentials.ROOT), transaction -> {
            pins.endGrace();
            return null;
        });
        purge(store.view().orphans());
    }

    private void purge(List<OrphanRow> orphans) {
        OpContext internal = new OpContext(Credentials.ROOT);
        for (OrphanRow orphan : orphans) {
            if (pins.isPinned(orphan.inode()) || writer.isReadOnly()) {
                continue;
            }
            try {
                writer.changeFreeing(internal, transaction -> {
                    InodeRow row = transaction.inode(orphan.inode()).orElse(null);
                    // What has entries is a tree that is being removed, and goes when that is done.
                    // And so does what a copy is made in. What is in the trash stays there.
                    if (row != null
                            && row.nlink() == 0
                            && row.entries() == 0
                            && (row.flags() & (InodeRow.FLAG_HIDDEN | InodeRow.FLAG_TRASHED)) == 0
                            && !pins.mayBeOpen(row.inode())) {
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

    /** Like {@link #loseName(Transaction, InodeRow)}, but if it was the last name, the trash keeps the inode, if there is one. */
    void loseName(Transaction transaction, InodeRow inode, DirentRow entry) {
        if (namesLeft(inode) == 0 && trashing.isOn()) {
            trashing.put(transaction, inode, entry.parent(), entry.name());
        } else {
            loseName(transaction, inode);
        }
    }

    private static int namesLeft(InodeRow inode) {
        return inode.isDirectory() ? 0 : inode.nlink() - 1;
    }

    /**
     * Takes one name from an inode that the mutation has read by {@link Transaction#inode}: one less, or its end. The entry
     * and the directory are the caller's.
     */
    void loseName(Transaction transaction, InodeRow inode) {
        int left = namesLeft(inode);
        if (left == 0 && !pins.mayBeOpen(inode.inode())) {
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

    /**
     * A removed tree has no entries any more: ends its top, which is an orphan, or leaves it so while it is pinned; or the trash keeps it.
     *
     * @param kept where it was; empty if it is not to be kept
     */
    void emptied(Transaction transaction, InodeRow top, Optional<FormerPlace> kept) {
        if (kept.isPresent() && trashing.isOn()) {
            transaction.delete(new RowKey.Orphan(top.inode()));
            trashing.put(transaction, top, kept.get().parent(), kept.get().name());
        } else if (pins.mayBeOpen(top.inode())) {
            transaction.put(top);
        } else {
            destroy(transaction, top);
        }
    }

    /** Ends an inode that the trash kept, or makes an orphan of it while it is open. The trash's row is the caller's. */
    void release(Transaction transaction, InodeRow trashed) {
        if (pins.mayBeOpen(trashed.inode())) {
            transaction.put(trashed.edit()
                    .flags(trashed.flags() & ~InodeRow.FLAG_TRASHED)
                    .quotaRoot(0)
                    .build());
            transaction.put(new OrphanRow(trashed.inode()));
        } else {
            destroy(transaction, trashed);
        }
    }

    /** Whether what was open before the restart may still be reclaimed. */
    boolean isGrace() {
        return pins.isGrace();
    }

    /** Deletes all rows of an inode. Attribute names are bounded (see {@link ExtendedAttributes}), so this is one step. */
    private void destroy(Transaction transaction, InodeRow inode) {
        long number = inode.inode();
        transaction.delete(inode.key());
        transaction.delete(new RowKey.Atime(number));
        if (inode.nlink() == 0 && !inode.isTrashed()) {
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
