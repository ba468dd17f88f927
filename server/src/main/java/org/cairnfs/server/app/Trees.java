package org.cairnfs.server.app;

import java.util.List;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.Progress;

/** What operators do with whole trees of an open file system. Thread-safe. */
public interface Trees {
    /**
     * An immutable tree.
     *
     * @param number of the lock, never used again
     * @param path that leads to its root now; empty if it is gone
     * @param untilMillis milliseconds since the epoch; 0 for no date
     * @param entries below the root that have been gone through while it is {@code LOCKING}; else -1
     */
    record Lock(long number, String path, long untilMillis, LockState state, long entries) {}

    /** How far a lock is. */
    enum LockState {
        /** It holds everything already, and goes through the tree. */
        LOCKING,
        LOCKED,
        /** It holds nothing any more, and is being cleared away. */
        ENDED
    }

    /**
     * Makes files, and directories with all that is below them, immutable; when this returns, they are.
     *
     * @param paths absolute, inside the file system
     * @param untilMillis milliseconds since the epoch; 0 for no date
     * @throws CairnException of USAGE if there is no such path, or the date is past
     */
    List<Lock> lock(List<String> paths, long untilMillis) throws CairnException;

    /**
     * Takes away the locks without a date that have these roots.
     *
     * @throws CairnException of LOCKED where that is not allowed; of USAGE if there is no such lock
     */
    List<Lock> unlock(List<String> paths) throws CairnException;

    /** All locks, the oldest first. */
    List<Lock> locks() throws CairnException;

    /**
     * What was removed.
     *
     * @param entries names that were removed, so far
     * @param bytes that files held whose last names those were
     * @param freed whether that is all; else it goes on in the background
     */
    record Removed(long entries, long bytes, boolean freed) {}

    /**
     * What a copy has.
     *
     * @param bytes of its files
     * @param there whether it is; else it goes on, after the next start
     */
    record Copied(long entries, long bytes, boolean there) {}

    /**
     * Makes a writable copy of a file, or of a tree, of the present or out of a snapshot.
     *
     * @param target that is not there yet
     */
    Copied copy(String source, String target, Progress progress) throws CairnException;

    /**
     * Removes files, and directories with all that is in them: all of them at once, or none.
     *
     * @param forever whether to free it even if there is a trash that would keep it
     * @param await whether to return only when all that they held is freed
     * @throws CairnException of LOCKED if something of it is immutable; of USAGE if there is no such path
     */
    Removed remove(List<String> paths, boolean forever, boolean await, Progress progress) throws CairnException;

    /**
     * What a tree may hold; 0 is no limit.
     *
     * @param graceSeconds how long a soft limit may be exceeded
     */
    record Limits(long softBytes, long bytes, long softInodes, long inodes, long graceSeconds) {}

    /**
     * The quota of a tree.
     *
     * @param path of its root
     * @param usedBytes that it holds: sizes of files
     * @param usedInodes that it holds, its root included
     * @param exceededSinceMillis since when a soft limit is exceeded, milliseconds since the epoch; 0 if none is
     * @param settled whether all of the tree counts already
     */
    record Quota(
            String path, Limits limits, long usedBytes, long usedInodes, long exceededSinceMillis, boolean settled) {}

    /**
     * Sets what a directory may hold, with all that is below it.
     *
     * @throws CairnException of USAGE if there is no such directory, or one quota tree would be within another
     */
    Quota setQuota(String path, Limits limits) throws CairnException;

    /**
     * Takes the quota from a directory.
     *
     * @throws CairnException of USAGE if it has none
     */
    void removeQuota(String path) throws CairnException;

    /** All quotas. */
    List<Quota> quotas() throws CairnException;

    /**
     * What a tree holds.
     *
     * @param path as it was asked for
     * @param bytes sum of the sizes of its files; a file with several names in it counts once
     * @param inodes files of all types, its root included
     * @param counted whether a counter said so; else the tree was walked through
     * @param stored what it needs in the storage; null if that was not asked for
     */
    record Size(String path, long bytes, long inodes, boolean counted, Stored stored) {}

    /**
     * The chunks of a tree, each once; what is not uploaded yet is not among them.
     *
     * @param plainBytes after de-duplication, before compression
     * @param storedBytes as they are in the storage
     * @param sharing who else needs them; null for a tree in a snapshot
     */
    record Stored(long chunks, long plainBytes, long storedBytes, Sharing sharing) {}

    /** Stored bytes that only a tree needs, that snapshots need, too, and that other files need. */
    record Sharing(long alone, long snapshots, long elsewhere) {}

    /**
     * Measures trees, one after the other.
     *
     * @param paths absolute; in {@code /.snapshots/NAME} as it was then
     * @param stored whether to look at the storage, too
     * @throws CairnException of USAGE if there is no such path
     */
    List<Size> sizes(List<String> paths, boolean stored, Progress progress) throws CairnException;
}
