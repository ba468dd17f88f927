package org.cairnfs.core.metadata;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Origin;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.metadata.h2.ChangedInodes;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.record.ContentOp;

/**
 * The metadata of one file system: the present in memory and in the database, changed only through the journal.
 *
 * <p><b>Order of a mutation:</b> room in the journal is awaited (caller's thread) -> validated -> appended -> visible in memory
 * -> applied to the database, which is committed in batches -> {@link #mutate} returns. One writer thread runs all
 * mutations, so each sees all before it.
 *
 * <p><b>Lazy updates.</b> Writes change size, times and {@code change} of their inode outside the writer thread
 * ({@link #update}); such rows live in memory and reach the database with later batches; the journal holds them until then.
 *
 * <p><b>Locking order:</b> writer thread -> inode locks (a fixed number of stripes; only the writer thread takes several) ->
 * journal append lock. Who holds an inode lock never waits for the writer thread, for room in the journal, or for a disk
 * sync.
 */
public interface MetadataStore extends AutoCloseable {
    /** Reads of the present, for any thread. */
    MetadataView view();

    /** Reads as of the end of an epoch that a snapshot shows, which the caller keeps from being deleted; for any thread. */
    MetadataView asOf(long epoch);

    /**
     * Inodes that a later epoch shows differently than an earlier one; snapshots show both, which the caller keeps.
     *
     * @param behind where the last ones ended, or {@link ChangedInodes#BEGINNING}
     * @param limit how many images to look at, of which some may not count
     */
    ChangedInodes changedInodes(long since, long until, ChangedInodes.Place behind, int limit);

    /**
     * Runs a mutation and returns when it is in the journal and the database.
     *
     * @throws FsException what the mutation threw; EAGAIN when the journal has no room
     */
    <T> Committed<T> mutate(Mutation<T> mutation) throws FsException;

    /**
     * Changes one inode's content under the inode's lock, outside the writer thread. The caller has awaited room in the
     * journal before.
     *
     * @throws FsException ESTALE if the inode is gone; what {@code update} threw
     */
    <T> T update(long inode, InodeUpdate<T> update) throws FsException;

    /** Runs something under an inode's lock, e.g. to look at its row and its dirty ranges at one moment. */
    <T> T locked(long inode, InodeUpdate<T> action) throws FsException;

    /** A number for {@link InodeRow#change()}, above all before it. */
    long nextChange();

    /** Notes an access time; kept in memory and journaled with many others within seconds, or with the next batch. */
    void touchAtime(long inode, long atime);

    /**
     * The result of an operation of the same client with the same arguments that was journaled before this start, if it may
     * still be unanswered and its effect is still the newest on each name that it changed. It is gone then.
     */
    Optional<Bytes> takeResult(Origin origin);

    /** The origins that {@link #takeResult} would find. */
    Map<Origin, Bytes> unanswered();

    /** Forgets them: grace is over. */
    void forgetUnanswered();

    /** Sequence of the newest record. */
    long lastSequence();

    /**
     * Notes in the journal that whoever asked for what was journaled up to this sequence has heard of it: it is not {@link
     * #unanswered} after a restart. Does nothing if nothing was journaled since the last time. For one thread.
     */
    void answered(long sequence) throws FsException;

    /** Numbers for status and statistics. */
    MetadataStatistics statistics();

    /** Sequence up to which the database holds all change sets, durably: the journal is not needed below it for metadata. */
    long durableSequence();

    /** Brings the database file up to date with the journal's end and syncs it (before trimming, and at a clean stop). */
    void checkpointDatabase();

    @Override
    void close();

    /**
     * What a mutation gave.
     *
     * @param sequence of its journal record; 0 if it changed nothing
     */
    record Committed<T>(T value, long sequence) {}

    /** Works on one inode under its lock. */
    @FunctionalInterface
    interface InodeUpdate<T> {
        T run(InodeRow present, Appender appender) throws FsException;
    }

    /** Appends lazy records about the inode that is locked. */
    @FunctionalInterface
    interface Appender {
        /** Journals the new image with content operations and payload, and makes the image visible. */
        Journal.Appended append(InodeRow after, List<ContentOp> content, ByteBuffer payload);
    }
}
