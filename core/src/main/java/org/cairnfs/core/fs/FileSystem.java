package org.cairnfs.core.fs;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The file system: every rule of UNIX file behaviour lives behind this interface, once; adapters translate.
 *
 * <p><b>Identity.</b> Inodes are named by {@link FileHandle}s. A handle whose inode is gone (or is of another file system)
 * gives ESTALE. Every verb takes the {@link OpContext} of the request and checks its credentials by the rules of POSIX.
 *
 * <p><b>Durability.</b> When a mutating verb returns, its effect is in the journal: it survives the death of the process, and
 * every later call sees it. It survives power loss once {@link #awaitStable} returned for its {@link OpContext#journaled()}.
 * {@link #commit} makes the data of one file stable.
 *
 * <p><b>Atomicity.</b> Each verb happens at one point in the one journal order. A verb that throws changed nothing.
 *
 * <p><b>Resends.</b> A mutating namespace verb with an {@link OpContext#origin()} that equals a journaled one from before the
 * last restart is answered from the journal, once.
 *
 * <p><b>Threading.</b> Safe for use by any number of threads. Verbs block for journal and database, reads also for the object
 * store; none needs the network to change metadata. EAGAIN says that a bound (journal, dirty data) is reached: the caller
 * should ask its client to try again later.
 *
 * <p><b>Common errors</b>, not repeated below: ESTALE, EIO (with a log line that names the object or record), EACCES and
 * EPERM by the permission rules, EROFS for snapshots and read-only file systems, ENOTDIR when a directory is expected.
 */
public interface FileSystem {
    /** The longest regular file, in bytes. */
    long MAX_FILE_SIZE = Long.MAX_VALUE;

    /** The longest symbolic link target, in bytes. */
    int MAX_SYMLINK_BYTES = 4095;

    /** The most names that one inode may have. */
    int MAX_LINKS = Integer.MAX_VALUE;

    /** The longest extended attribute value, in bytes. */
    int MAX_XATTR_BYTES = 65_536;

    /** The root directory. */
    FileHandle root();

    // ---- attributes

    Attributes getattr(OpContext op, FileHandle inode) throws FsException;

    /**
     * Sets attributes, all or none. Clears setuid and setgid as chown(2), chmod(2) and truncate(2) do. A new size keeps what
     * is before it; growth is a hole.
     *
     * @return attributes after it
     * @throws FsException EISDIR or EINVAL for the size of what has none; EFBIG; ENOTSYNC, before all others, if the ctime is another
     *     than {@link OpContext#requireCtime} says
     */
    Attributes setattr(OpContext op, FileHandle inode, SetAttributes attributes) throws FsException;

    /**
     * Like {@link #setattr}, for a caller that holds the file open for writing: a size (and times set to now) is then
     * allowed whatever the mode says, as ftruncate(2) does.
     */
    Attributes setattrOpen(OpContext op, FileHandle inode, SetAttributes attributes) throws FsException;

    /**
     * Which of the wanted {@link Access} bits the caller has.
     *
     * @return a subset of {@code wanted}
     */
    int access(OpContext op, FileHandle inode, int wanted) throws FsException;

    /**
     * Before a file is opened for writing, whatever its mode says: that it may change at all.
     *
     * @throws FsException EPERM if it is immutable; EROFS
     */
    void checkWritable(OpContext op, FileHandle inode) throws FsException;

    // ---- names

    /** The inode under a name; ENOENT if there is none. */
    Node lookup(OpContext op, FileHandle directory, Name name) throws FsException;

    /** The directory that holds a directory; of the root, itself. */
    Node lookupParent(OpContext op, FileHandle directory) throws FsException;

    /**
     * Makes an inode under a new name.
     *
     * @throws FsException EEXIST (see {@link CreateRequest}), ENOENT if the directory was removed, EISDIR for an unchecked
     *     create over a directory
     */
    Created create(OpContext op, FileHandle directory, Name name, CreateRequest request) throws FsException;

    /**
     * Gives an inode one more name.
     *
     * @throws FsException EPERM for a directory; EEXIST; EMLINK; EXDEV across quota roots; ENOENT for an inode whose last
     *     name is gone
     */
    DirectoryChange link(OpContext op, FileHandle inode, FileHandle directory, Name name) throws FsException;

    /** Renames by the rules of rename(2), in one atomic step. */
    Renamed rename(
            OpContext op, FileHandle source, Name sourceName, FileHandle target, Name targetName, RenameFlag flag)
            throws FsException;

    /** Removes a name; an inode without names lives on until the last {@link #unpin}. ENOTEMPTY for a directory with entries. */
    DirectoryChange remove(OpContext op, FileHandle directory, Name name, RemoveKind kind) throws FsException;

    /**
     * Lists a directory in cookie order. Needs read permission; each page reads from the index, in time that does not depend on
     * the size of the directory.
     *
     * @param after the cookie of the last entry that was seen, 0 from the start
     * @param limit entries at most, 1 to 10,000
     * @param attributes whether {@link Node#attributes()} is wanted
     */
    DirectoryPage readdir(OpContext op, FileHandle directory, long after, int limit, boolean attributes)
            throws FsException;

    /** The target of a symbolic link; EINVAL for anything else. */
    Bytes readlink(OpContext op, FileHandle inode) throws FsException;

    // ---- contents

    /**
     * Keeps an inode alive while someone has it open, though its last name may go. Pins are counted, and do not survive a
     * restart: orphans of before it live until {@link #endGrace}, so that opens can be reclaimed.
     */
    void pin(FileHandle inode) throws FsException;

    /** Gives back one {@link #pin}; with the last one, an inode without names is removed. Never fails for a handle that was pinned. */
    void unpin(FileHandle inode);

    /** The number of the newest change, as {@link OpContext#journaled()} gives it. */
    long newestChange();

    /**
     * Says that whoever asked for a change up to this one was answered, and had time to hear it: such a request is then not
     * answered by {@link Origin} after a restart, as who asks for the same asks anew. To be called now and then, by one thread.
     */
    void answered(long change);

    /** Says that all opens of before the restart were reclaimed or will not be: orphans without pins are removed. */
    void endGrace();

    /**
     * Reads from a regular file, checking read permission (or execute permission, or ownership, as NFS servers must, RFC 1813
     * section 4.4).
     *
     * @param offset not negative
     * @param length bytes at most, not negative
     */
    ReadResult read(OpContext op, FileHandle inode, long offset, int length) throws FsException;

    /** Like {@link #read}, with what {@link #getattr} tells, at the cost of one look at the inode. */
    ReadWithAttributes readWithAttributes(OpContext op, FileHandle inode, long offset, int length) throws FsException;

    /** Like {@link #read}, for a caller that holds the file open for reading: the mode is not asked again. */
    ReadResult readOpen(OpContext op, FileHandle inode, long offset, int length) throws FsException;

    /** Like {@link #read}, but holes are told as such, and not as zeros. */
    SparseRead readSparse(OpContext op, FileHandle inode, long offset, int length) throws FsException;

    /** Like {@link #readSparse}, for a caller that holds the file open for reading. */
    SparseRead readSparseOpen(OpContext op, FileHandle inode, long offset, int length) throws FsException;

    /**
     * Writes to a regular file, checking write permission (or ownership). In the journal on return; unstable until
     * {@link #commit} or {@link #awaitStable}.
     *
     * @param data from position to limit; taken before return; the buffer may be reused
     * @throws FsException EFBIG; EAGAIN when the dirty bound is reached
     */
    WriteResult write(OpContext op, FileHandle inode, long offset, ByteBuffer data) throws FsException;

    /** Like {@link #write}, for a caller that holds the file open for writing: the mode is not asked again. */
    WriteResult writeOpen(OpContext op, FileHandle inode, long offset, ByteBuffer data) throws FsException;

    /** Makes a range read as zeros and gives back its storage (fallocate(2) PUNCH_HOLE); the size stays. */
    Attributes deallocate(OpContext op, FileHandle inode, long offset, long length) throws FsException;

    /** Like {@link #deallocate}, for a caller that holds the file open for writing: the mode is not asked again. */
    Attributes deallocateOpen(OpContext op, FileHandle inode, long offset, long length) throws FsException;

    /** Ensures that the size is at least {@code offset + length}; nothing is reserved in a store without bounds. */
    Attributes allocate(OpContext op, FileHandle inode, long offset, long length) throws FsException;

    /** Like {@link #allocate}, for a caller that holds the file open for writing: the mode is not asked again. */
    Attributes allocateOpen(OpContext op, FileHandle inode, long offset, long length) throws FsException;

    /**
     * Makes a range of one file read as a range of another does now, by sharing what is stored (FICLONERANGE): at one moment, and
     * without copying a byte. Holes are cloned as holes; the target grows if need be. Offsets need no alignment.
     *
     * @return attributes of the target after it
     * @throws FsException EINVAL if the source range ends past the end of the source, or the ranges are of one file and overlap;
     *     EFBIG past the largest size, or if the range is in too many pieces for one step (some ten thousands; smaller parts can
     *     be cloned one by one); EAGAIN when the dirty bound is reached
     */
    Attributes cloneRange(OpContext op, CloneRequest request) throws FsException;

    /**
     * The next offset at or after {@code offset} that is data (or hole); the end of the file is a hole.
     *
     * @return empty if there is no data after {@code offset}
     * @throws FsException ENXIO if the offset is at or past the end
     */
    OptionalLong seek(OpContext op, FileHandle inode, long offset, boolean data) throws FsException;

    /** Like {@link #seek}, for a caller that holds the file open for reading: the mode is not asked again. */
    OptionalLong seekOpen(OpContext op, FileHandle inode, long offset, boolean data) throws FsException;

    /**
     * Makes what was written to a file stable (fsync(2)): synced in the journal, or in the object store with
     * {@code durability = remote}.
     */
    void commit(OpContext op, FileHandle inode) throws FsException;

    // ---- extended attributes (names with their prefix: user., trusted., security.)

    /** ENODATA if there is none of that name. */
    Bytes getXattr(OpContext op, FileHandle inode, Name name) throws FsException;

    DirectoryChange setXattr(OpContext op, FileHandle inode, Name name, Bytes value, XattrFlag flag) throws FsException;

    /** The names, in byte order. */
    List<Name> listXattrs(OpContext op, FileHandle inode) throws FsException;

    DirectoryChange removeXattr(OpContext op, FileHandle inode, Name name) throws FsException;

    // ---- the whole

    /** Of the whole, or of the tree with a quota that an inode counts for. */
    FsStatistics statfs(OpContext op, FileHandle inode) throws FsException;

    /**
     * Waits until everything up to a journal sequence survives power loss; one sync serves all who wait.
     *
     * @param sequence from {@link OpContext#journaled()}; 0 returns at once
     */
    void awaitStable(long sequence) throws FsException;

    /** Differs with each start of the server: the NFS write verifier. */
    long bootVerifier();

    /** Which mutating verbs could be answered from the journal now: the origins still unanswered from before the restart. */
    Set<Origin> unansweredOrigins();

    /** The name of a file, for messages: one path that leads to it, if that can be found at once. */
    Optional<String> pathOf(FileHandle inode);
}
