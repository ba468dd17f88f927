package org.cairnfs.server.app;

import java.util.List;
import org.cairnfs.server.CairnException;

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

    /** All of them, the oldest first. */
    List<Info> list() throws CairnException;

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
