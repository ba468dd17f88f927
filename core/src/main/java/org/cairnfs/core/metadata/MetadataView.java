package org.cairnfs.core.metadata;

import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Name;
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

/**
 * Reads the present. Point look-ups come from memory when they can; ranges come from the database by an index, in time that
 * depends on what they return and not on the size of the table.
 *
 * <p>Everything that was answered is seen; of what is not answered yet, point look-ups may see more than ranges.
 *
 * <p>A failing database is fail-stop: {@link MetadataFailedException} (unchecked) after the server was told.
 */
public interface MetadataView {
    Optional<InodeRow> inode(long inode);

    /** The access time: its row, or else the birth time. */
    long atime(InodeRow inode);

    Optional<DirentRow> dirent(long parent, Name name);

    /** Entries of a directory with cookies above {@code after}, in cookie order. */
    List<DirentRow> dirents(long parent, long after, int limit);

    /** Some name of an inode; for messages and for {@code ..}. */
    Optional<DirentRow> anyName(long inode);

    /** Names of an inode, in no order. */
    List<DirentRow> names(long inode, int limit);

    Optional<XattrRow> xattr(long inode, Name name);

    /** The names of all attributes of an inode, in byte order, without their values (which may be large). */
    List<Name> xattrNames(long inode);

    /** All attributes of an inode, in name order. */
    List<XattrRow> xattrs(long inode);

    /**
     * Extents of a content that touch {@code [from, to)}, in offset order, at most {@code limit}: the first may begin before
     * {@code from}.
     */
    List<ExtentRow> extents(long content, long from, long to, int limit);

    /** Whether any extent of the present or of history refers to a chunk. */
    boolean isReferenced(long chunk);

    /** Whether any extent of history refers to a chunk. */
    boolean isReferencedByHistory(long chunk);

    /** Extents of the present that refer to a chunk, in no order. */
    List<ExtentRow> references(long chunk, int limit);

    Optional<ChunkRow> chunk(long chunk);

    /** The chunk with these bytes that new extents may refer to: {@code DURABLE}, not suspect, not retiring. */
    Optional<ChunkRow> chunkById(Bytes id);

    Optional<PackRow> pack(long pack);

    /** Rows of a table in key order behind a key, for scans, dumps and checks. */
    <R extends Row> List<R> scan(Class<R> table, Optional<RowKey> after, int limit);

    /** The tree locks that an inode is under, by their numbers. */
    List<InodeLockRow> locksOf(long inode);

    /** Inodes that are under a tree lock, in no order. */
    List<InodeLockRow> lockedBy(long lock, int limit);

    List<OrphanRow> orphans();

    List<WorkRow> works();

    /** What a quota root (0: the whole file system) holds. */
    UsageRow usage(long root);

    /** The present epoch. */
    long epoch();
}
