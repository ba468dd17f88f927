package org.cairnfs.core.namespace;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.cairnfs.core.data.Contents;
import org.cairnfs.core.data.FreeContent;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CloneRequest;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Created;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.FsStatistics;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.Origin;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.fs.ReadWithAttributes;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.Renamed;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.SparseRead;
import org.cairnfs.core.fs.WriteResult;
import org.cairnfs.core.fs.XattrFlag;
import org.cairnfs.core.journal.JournalFailedException;
import org.cairnfs.core.lock.Leases;
import org.cairnfs.core.metadata.MetadataStore;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.quota.Quotas;
import org.cairnfs.core.treelock.TreeLocks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file system: its verbs, each delegated to the class of its family. Holds no rule of its own.
 *
 * <p>Threading: safe for any number of threads; see {@link FileSystem}. Begins in grace.
 */
public final class CairnFileSystem implements FileSystem {
    private static final Logger LOG = LoggerFactory.getLogger(CairnFileSystem.class);

    private final MetadataStore store;
    private final Parts parts;
    private final Handles handles;
    private final Stats stats;
    private final Lookup lookup;
    private final Listing listing;
    private final Creation creation;
    private final Linking linking;
    private final Renaming renaming;
    private final Removal removal;
    private final TreeRemoval treeRemoval;
    private final Trash trash;
    private final TreeCopy treeCopy;
    private final Rollback rollback;
    private final AttributeChange attributeChange;
    private final ExtendedAttributes extendedAttributes;
    private final FileAccess fileAccess;
    private final Orphans orphans;

    /**
     * A file system over metadata that has a root (see {@link RootDirectory#ensure}).
     *
     * @param parts what it stands on
     */
    public CairnFileSystem(Parts parts) {
        this.parts = parts;
        store = parts.store();
        Contents contents = parts.contents();
        Pins pins = new Pins();
        handles = new Handles(parts.id(), parts.snapshot(), pins);
        stats = new Stats(handles, contents);
        RemovedTrees removedTrees = new RemovedTrees(store.view());
        Guards guards = new Guards(handles, parts.treeLocks(), removedTrees, parts.quotas(), parts.leases());
        Writer writer = new Writer(store, guards, parts.readOnly());
        AccessTimes accessTimes = new AccessTimes(store, parts.clock(), parts.readOnly());
        lookup = new Lookup(store, handles, stats, guards, parts.readOnly());
        listing = new Listing(store, handles, stats, accessTimes);
        creation = new Creation(store, writer, handles, stats, guards);
        linking = new Linking(writer, handles, guards);
        orphans = new Orphans(
                store,
                writer,
                handles,
                pins,
                new Trashing(parts.trashKeep(), parts.quotas()),
                contents,
                parts.freeContent(),
                parts.quotas(),
                parts.wakeBackground());
        trash = new Trash(store, writer, guards, orphans, parts.clock());
        renaming = new Renaming(writer, handles, guards, orphans);
        removal = new Removal(writer, handles, guards, orphans);
        treeRemoval = new TreeRemoval(
                store, writer, guards, removedTrees, parts.treeLocks(), orphans, parts.wakeBackground());
        treeCopy = new TreeCopy(
                store,
                writer,
                guards,
                removedTrees,
                treeRemoval,
                parts.quotas(),
                parts.bootVerifier(),
                contents::hasUnflushedBefore,
                parts.wakeBackground());
        rollback = new Rollback(store, writer, guards, treeRemoval, treeCopy, parts.bootVerifier());
        attributeChange = new AttributeChange(writer, handles, stats, guards, contents);
        extendedAttributes = new ExtendedAttributes(store, writer, handles, guards);
        fileAccess =
                new FileAccess(store, writer, handles, stats, guards, contents, orphans, accessTimes, parts.clock());
    }

    /**
     * What a file system stands on.
     *
     * @param id of the file system, in every handle
     * @param contents the data engine
     * @param freeContent how the extents of removed files are freed; also a step of the background work
     * @param wakeBackground called when there is background work to do; does not block
     * @param stability waits for the journal to be on the disk
     * @param treeLocks what is immutable
     * @param quotas what trees may hold
     * @param trashKeep how long what is removed is kept; zero for not at all
     * @param leases hook of delegations
     * @param clock wall clock, nanoseconds since the epoch
     * @param bootVerifier differs with each start
     * @param snapshot number of the snapshot that it is; 0 is the present
     */
    public record Parts(
            UUID id,
            MetadataStore store,
            Contents contents,
            FreeContent freeContent,
            Runnable wakeBackground,
            Stability stability,
            TreeLocks treeLocks,
            Quotas quotas,
            Duration trashKeep,
            Leases leases,
            LongSupplier clock,
            Capacity capacity,
            long bootVerifier,
            boolean readOnly,
            long snapshot) {
        /** The same for a snapshot. */
        public Parts asOf(long number, MetadataStore rows, Contents bytes) {
            return new Parts(
                    id,
                    rows,
                    bytes,
                    freeContent,
                    wakeBackground,
                    stability,
                    treeLocks,
                    quotas,
                    trashKeep,
                    leases,
                    clock,
                    capacity,
                    bootVerifier,
                    true,
                    number);
        }
    }

    /** Waits until all records up to a sequence are on the disk. */
    @FunctionalInterface
    public interface Stability {
        void sync(long sequence) throws JournalFailedException;
    }

    @Override
    public FileHandle root() {
        return handles.of(store.view()
                .inode(RootDirectory.INODE)
                .orElseThrow(() -> new IllegalStateException("the file system has no root directory")));
    }

    /** Removes whole trees; also a step of the background work. */
    public TreeRemoval treeRemoval() {
        return treeRemoval;
    }

    /** What was removed and is kept. */
    public Trash trash() {
        return trash;
    }

    Handles handles() {
        return handles;
    }

    /** Copies whole trees; also a step of the background work. */
    public TreeCopy treeCopy() {
        return treeCopy;
    }

    /** Brings trees back to what they were in a snapshot. */
    public Rollback rollback() {
        return rollback;
    }

    // ---- attributes

    @Override
    public Attributes getattr(OpContext op, FileHandle inode) throws FsException {
        return stats.of(store.view(), handles.inode(store.view(), inode));
    }

    @Override
    public Attributes setattr(OpContext op, FileHandle inode, SetAttributes attributes) throws FsException {
        return attributeChange.set(op, inode, attributes, false);
    }

    @Override
    public Attributes setattrOpen(OpContext op, FileHandle inode, SetAttributes attributes) throws FsException {
        return attributeChange.set(op, inode, attributes, true);
    }

    @Override
    public int access(OpContext op, FileHandle inode, int wanted) throws FsException {
        return lookup.access(op, inode, wanted);
    }

    @Override
    public void checkWritable(OpContext op, FileHandle inode) throws FsException {
        lookup.checkWritable(inode);
    }

    // ---- names

    @Override
    public Node lookup(OpContext op, FileHandle directory, Name name) throws FsException {
        return lookup.lookup(op, directory, name);
    }

    @Override
    public Node lookupParent(OpContext op, FileHandle directory) throws FsException {
        return lookup.lookupParent(op, directory);
    }

    @Override
    public Created create(OpContext op, FileHandle directory, Name name, CreateRequest request) throws FsException {
        return creation.create(op, directory, name, request);
    }

    @Override
    public DirectoryChange link(OpContext op, FileHandle inode, FileHandle directory, Name name) throws FsException {
        return linking.link(op, inode, directory, name);
    }

    @Override
    public Renamed rename(
            OpContext op, FileHandle source, Name sourceName, FileHandle target, Name targetName, RenameFlag flag)
            throws FsException {
        return renaming.rename(op, source, sourceName, target, targetName, flag);
    }

    @Override
    public DirectoryChange remove(OpContext op, FileHandle directory, Name name, RemoveKind kind) throws FsException {
        return removal.remove(op, directory, name, kind);
    }

    @Override
    public DirectoryPage readdir(OpContext op, FileHandle directory, long after, int limit, boolean attributes)
            throws FsException {
        return listing.readdir(op, directory, after, limit, attributes);
    }

    @Override
    public Bytes readlink(OpContext op, FileHandle inode) throws FsException {
        return fileAccess.readlink(inode);
    }

    // ---- contents

    @Override
    public void pin(FileHandle inode) throws FsException {
        orphans.pin(inode);
    }

    @Override
    public void unpin(FileHandle inode) {
        orphans.unpin(inode);
    }

    @Override
    public long newestChange() {
        return store.lastSequence();
    }

    @Override
    public void answered(long change) {
        try {
            store.answered(change);
        } catch (FsException e) {
            LOG.debug("that all were answered up to {} is not journaled: {}", change, e.getMessage());
        }
    }

    @Override
    public void endGrace() {
        store.forgetUnanswered();
        try {
            orphans.endGrace();
        } catch (FsException e) {
            LOG.warn("Grace goes on: its end found no room in the journal; orphans go after the next start", e);
        }
    }

    @Override
    public ReadResult read(OpContext op, FileHandle inode, long offset, int length) throws FsException {
        return fileAccess.read(op, inode, offset, length, false);
    }

    @Override
    public ReadWithAttributes readWithAttributes(OpContext op, FileHandle inode, long offset, int length)
            throws FsException {
        return fileAccess.readWithAttributes(op, inode, offset, length);
    }

    @Override
    public ReadResult readOpen(OpContext op, FileHandle inode, long offset, int length) throws FsException {
        return fileAccess.read(op, inode, offset, length, true);
    }

    @Override
    public SparseRead readSparse(OpContext op, FileHandle inode, long offset, int length) throws FsException {
        return fileAccess.readSparse(op, inode, offset, length, false);
    }

    @Override
    public SparseRead readSparseOpen(OpContext op, FileHandle inode, long offset, int length) throws FsException {
        return fileAccess.readSparse(op, inode, offset, length, true);
    }

    @Override
    public WriteResult write(OpContext op, FileHandle inode, long offset, ByteBuffer data) throws FsException {
        return fileAccess.write(op, inode, offset, data, false);
    }

    @Override
    public WriteResult writeOpen(OpContext op, FileHandle inode, long offset, ByteBuffer data) throws FsException {
        return fileAccess.write(op, inode, offset, data, true);
    }

    @Override
    public Attributes deallocate(OpContext op, FileHandle inode, long offset, long length) throws FsException {
        return fileAccess.deallocate(op, inode, offset, length, false);
    }

    @Override
    public Attributes deallocateOpen(OpContext op, FileHandle inode, long offset, long length) throws FsException {
        return fileAccess.deallocate(op, inode, offset, length, true);
    }

    @Override
    public Attributes allocate(OpContext op, FileHandle inode, long offset, long length) throws FsException {
        return fileAccess.allocate(op, inode, offset, length, false);
    }

    @Override
    public Attributes allocateOpen(OpContext op, FileHandle inode, long offset, long length) throws FsException {
        return fileAccess.allocate(op, inode, offset, length, true);
    }

    @Override
    public Attributes cloneRange(OpContext op, CloneRequest request) throws FsException {
        return fileAccess.cloneRange(op, request);
    }

    @Override
    public OptionalLong seek(OpContext op, FileHandle inode, long offset, boolean data) throws FsException {
        return fileAccess.seek(op, inode, offset, data, false);
    }

    @Override
    public OptionalLong seekOpen(OpContext op, FileHandle inode, long offset, boolean data) throws FsException {
        return fileAccess.seek(op, inode, offset, data, true);
    }

    @Override
    public void commit(OpContext op, FileHandle inode) throws FsException {
        fileAccess.commit(inode);
    }

    // ---- extended attributes

    @Override
    public Bytes getXattr(OpContext op, FileHandle inode, Name name) throws FsException {
        return extendedAttributes.get(op, inode, name);
    }

    @Override
    public DirectoryChange setXattr(OpContext op, FileHandle inode, Name name, Bytes value, XattrFlag flag)
            throws FsException {
        return extendedAttributes.set(op, inode, name, value, flag);
    }

    @Override
    public List<Name> listXattrs(OpContext op, FileHandle inode) throws FsException {
        return extendedAttributes.list(op, inode);
    }

    @Override
    public DirectoryChange removeXattr(OpContext op, FileHandle inode, Name name) throws FsException {
        return extendedAttributes.remove(op, inode, name);
    }

    // ---- the whole

    @Override
    public FsStatistics statfs(OpContext op, FileHandle inode) throws FsException {
        InodeRow row = handles.inode(store.view(), inode);
        return parts.quotas()
                .of(row.quotaRoot())
                .map(limits -> parts.capacity().within(limits, store.view()))
                .orElseGet(() -> parts.capacity().statistics(store.view()));
    }

    @Override
    public void awaitStable(long sequence) throws FsException {
        if (sequence == 0) {
            return;
        }
        try {
            parts.stability().sync(sequence);
        } catch (JournalFailedException e) {
            throw new FsException(Errno.EIO, "the journal could not be synced up to " + sequence, e);
        }
    }

    @Override
    public long bootVerifier() {
        return parts.bootVerifier();
    }

    @Override
    public Set<Origin> unansweredOrigins() {
        return store.unanswered().keySet();
    }

    @Override
    public Optional<String> pathOf(FileHandle inode) {
        return lookup.pathOf(inode);
    }
}
