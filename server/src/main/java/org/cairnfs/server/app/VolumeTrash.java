package org.cairnfs.server.app;

import java.util.List;
import java.util.Optional;
import org.cairnfs.server.CairnException;

/** What was removed from an open file system and is kept for a time. Thread-safe. */
public interface VolumeTrash {
    /**
     * Something that was removed.
     *
     * @param inode its number, by which it can be named, too
     * @param path where it was; empty if the directory that held it is no more
     * @param type {@code file}, {@code directory}, {@code symlink} ...
     * @param bytes of a file
     * @param uid of its owner
     * @param removedMillis milliseconds since the epoch
     * @param untilMillis when it goes, likewise
     */
    record Item(long inode, String path, String type, long bytes, int uid, long removedMillis, long untilMillis) {}

    /** How many there are, and the bytes of the files. */
    record Counts(long items, long bytes) {}

    /** Takes what is told, some at a time. */
    @FunctionalInterface
    interface Sink {
        void take(List<Item> items) throws CairnException;
    }

    /** How much is in it, at once. */
    Counts counts() throws CairnException;

    /** Tells what was removed at or below an absolute path, and how much that is. */
    Counts list(String path, Sink sink) throws CairnException;

    /**
     * What was brought back.
     *
     * @param taken paths that were not, as something else is there
     */
    record Restored(long items, long bytes, List<String> taken) {}

    /**
     * Brings back what was removed at or below a path, in each place the newest.
     *
     * @param to the path that it is to have instead
     * @throws CairnException of USAGE if nothing was, or something is in the way; of LOCKED
     */
    Restored restore(String path, Optional<String> to) throws CairnException;

    /** Brings back one inode, and nothing with it. */
    Restored restore(long inode, Optional<String> to) throws CairnException;

    /**
     * Frees what was removed at or below a path.
     *
     * @param removedBeforeMillis only what was removed before this
     * @return how many
     */
    long empty(String path, long removedBeforeMillis) throws CairnException;

    /** Frees one inode; CairnException of USAGE if it is not in the trash. */
    void empty(long inode) throws CairnException;
}
