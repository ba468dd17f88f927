package org.cairnfs.core.namespace;

import java.util.Optional;
import org.cairnfs.core.fs.Access;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.MetadataView;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The verbs that lead from a handle to another, or to attributes; they read beside the writer thread, without a lock. */
final class Lookup {
    private static final Logger LOG = LoggerFactory.getLogger(Lookup.class);

    /** How often a name is looked at again whose inode went between two reads; each time a rename put another one there. */
    private static final int TRIES = 1_000;

    /** Longest path that is worth telling in a message. */
    private static final int MAX_DEPTH = 1_000;

    private final MetadataStore store;
    private final Handles handles;
    private final Stats stats;
    private final Guards guards;
    private final boolean readOnly;

    Lookup(MetadataStore store, Handles handles, Stats stats, Guards guards, boolean readOnly) {
        this.store = store;
        this.handles = handles;
        this.stats = stats;
        this.guards = guards;
        this.readOnly = readOnly;
    }

    Node lookup(OpContext op, FileHandle directory, Name name) throws FsException {
        MetadataView view = store.view();
        InodeRow in = handles.directory(view, directory);
        Permissions.requireSearch(op.credentials(), in);
        for (int tries = 0; tries < TRIES; tries++) {
            DirentRow entry = Entries.require(view, in, name);
            Optional<InodeRow> inode = view.inode(entry.inode());
            if (inode.isPresent()) {
                return stats.node(view, inode.get());
            }
            Thread.onSpinWait();
        }
        LOG.error("Directory {}: {} leads to an inode that is missing; run a check", in.inode(), name);
        throw new FsException(Errno.EIO, "directory " + in.inode() + ": " + name + " leads nowhere");
    }

    Node lookupParent(OpContext op, FileHandle directory) throws FsException {
        MetadataView view = store.view();
        InodeRow in = handles.directory(view, directory);
        Permissions.requireSearch(op.credentials(), in);
        Permissions.requirePresent(in);
        InodeRow parent = view.inode(in.parent())
                .orElseThrow(() -> new FsException(Errno.ENOENT, "directory " + in.inode() + " was removed just now"));
        return stats.node(view, parent);
    }

    /** Which of the wanted {@link Access} bits the caller has; nobody may write to what is immutable or served read-only. */
    int access(OpContext op, FileHandle handle, int wanted) throws FsException {
        InodeRow inode = handles.inode(store.view(), handle);
        int granted = Permissions.granted(op.credentials(), inode) & wanted;
        boolean writable = (granted & Access.WRITE) == 0 || !readOnly && !guards.isLocked(inode);
        return writable ? granted : granted & ~Access.WRITE;
    }

    void checkWritable(FileHandle handle) throws FsException {
        InodeRow inode = handles.inode(store.view(), handle);
        if (readOnly) {
            throw new FsException(Errno.EROFS, "the file system is served read-only");
        }
        guards.requireUnlocked(inode);
    }

    /** One path of an inode. */
    Optional<String> pathOf(FileHandle handle) {
        MetadataView view = store.view();
        StringBuilder path = new StringBuilder();
        long inode = handle.inode();
        for (int depth = 0; inode != RootDirectory.INODE; depth++) {
            Optional<DirentRow> name = view.anyName(inode);
            if (name.isEmpty() || depth == MAX_DEPTH) {
                return Optional.empty();
            }
            path.insert(0, "/" + name.get().name());
            inode = name.get().parent();
        }
        return Optional.of(path.isEmpty() ? "/" : path.toString());
    }
}
