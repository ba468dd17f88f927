package org.cairnfs.server.app;

import java.util.List;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.Progress;

/** The snapshots of a file system, as those who operate it see them. What changes is on the disk when a method returns. Thread-safe. */
public interface VolumeSnapshots {
    /**
     * A snapshot.
     *
     * @param number never reused
     * @param createdMillis by the server's clock
     * @param holds how many holds keep it from being deleted
     * @param automatic whether the schedule made it
     */
    record Info(String name, long number, long createdMillis, int holds, boolean automatic) {}

    /**
     * Something that is another in one snapshot than in an earlier one.
     *
     * @param change {@code added}, {@code removed}, {@code modified} or {@code renamed}
     * @param type {@code file}, {@code directory}, {@code symlink} and so on
     * @param path absolute; of what was removed, in the earlier one
     * @param before of what was renamed: the earlier path; else empty
     * @param aspects of what was modified: {@code contents}, {@code mode}, {@code owner}, {@code xattrs}
     */
    record Change(String change, String type, String path, String before, List<String> aspects) {}

    /** How many differences there are, of each kind. */
    record Counts(long added, long removed, long modified, long renamed) {}

    /** Takes differences, some at a time. */
    @FunctionalInterface
    interface Changes {
        void take(List<Change> changes) throws CairnException;
    }

    /**
     * A rollback that was done.
     *
     * @param before name of the snapshot that was taken before it
     */
    record RolledBack(String path, String snapshot, String before) {}

    /**
     * Tells how a snapshot differs from another, or from the present.
     *
     * @param to empty for the present
     * @param path of which only what is at or below it is told
     */
    Counts diff(String from, String to, String path, Changes changes) throws CairnException;

    /** Brings a path back to what it was in a snapshot, after a snapshot of what it is. */
    RolledBack rollback(String name, String path, Progress progress) throws CairnException;

    /** All of them, the oldest first. */
    List<Info> list() throws CairnException;

    /** When the schedule takes the next one, milliseconds since 1970; 0 if there is no schedule. */
    long nextMillis() throws CairnException;

    /** @param name empty for one made of the time */
    Info create(String name) throws CairnException;

    Info delete(String name) throws CairnException;

    Info rename(String name, String to) throws CairnException;

    Info hold(String name) throws CairnException;

    Info release(String name) throws CairnException;

    /**
     * Deletes those of the schedule that the configuration does not keep any more.
     *
     * @param dryRun whether only to say which
     * @return those that are, or would be, deleted
     */
    List<Info> expire(boolean dryRun) throws CairnException;
}
