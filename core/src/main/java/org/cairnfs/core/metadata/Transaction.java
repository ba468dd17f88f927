package org.cairnfs.core.metadata;

import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.metadata.h2.HistoryPlace;
import org.cairnfs.core.metadata.h2.HistoryRow;
import org.cairnfs.core.metadata.row.ExtentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.Row;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.Table;
import org.cairnfs.core.record.ContentOp;

/**
 * One mutation being built, on the writer thread: reads see what it and all mutations before it changed. If it throws, it
 * has changed nothing; if it returns, its changes are one journal record.
 *
 * <p>{@link #inode} takes the inode's lock until the record is appended, so that no write outside the writer thread comes in
 * between; {@link #peek} does not, and serves what only the writer thread changes (directories) or what is merely looked
 * at.
 */
public interface Transaction extends MetadataView {
    /** The inode, locked against writes from outside this thread until this mutation is in the journal. */
    @Override
    Optional<InodeRow> inode(long inode);

    /** The inode as it is, not locked. */
    Optional<InodeRow> peek(long inode);

    /** Inserts or replaces a row; {@code born} is set to the epoch of the mutation by this call where the row has one. */
    void put(Row row);

    /** Removes a row, if it is there. */
    void delete(RowKey key);

    /**
     * Everything that is put and deleted from now on in this mutation is as of this epoch: snapshots of it and of later ones see it. For
     * extents of what was written then and is flushed now; the caller sees to it that nothing was put into the same content as of a later
     * epoch. An inode that has changed since then keeps the epoch of its last change.
     */
    void asOf(long epoch);

    /** Removes an image of before from history, which no snapshot sees any more. */
    void forget(RowKey key, long died);

    /** The same for an extent, of which it is to be known then whether its chunk is still referred to. */
    void forget(ExtentRow image, long died);

    /** Images of before of a versioned table, in the order of their ends, behind a place. */
    List<HistoryRow> historyByEnd(Table table, HistoryPlace behind, int limit);

    /** Adds a content operation to the record. */
    void content(ContentOp op);

    /** What the operation answers, to be kept with the origin of {@link Mutation#origin()}. */
    void result(Bytes result);

    long newInode();

    long newContent();

    long newChunk();

    long newPack();

    long newWork();

    /** A number for {@link InodeRow#change()}, above all before it. */
    long nextChange();

    /** Wall clock in nanoseconds since the epoch, the same throughout this mutation. */
    long now();

    /** The incarnation of this server: the generation of new inodes. */
    long incarnation();

    /**
     * Runs on the writer thread right after the append, with the record's sequence, in the order of registration, while the
     * locks of {@link #inode} are still held: what lives in memory beside the rows (dirty ranges) changes here. Must not block
     * or throw. Not run when the mutation throws.
     */
    void onAppended(LongConsumer action);

    /** Runs on the writer thread after the commit to the database, before {@link MetadataStore#mutate} returns; must not block or throw. */
    void afterCommit(Runnable action);
}
