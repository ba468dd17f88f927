package org.cairnfs.server.nfs.state;

import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.fs.FileHandle;

/** Pins that a change of state no longer needs: collected under locks, given back when none is held. Of one thread. */
final class ReleasedPins {
    private final List<FileHandle> inodes = new ArrayList<>();

    void add(FileHandle inode) {
        inodes.add(inode);
    }

    void giveBack(InodePins pins) {
        inodes.forEach(pins::unpin);
        inodes.clear();
    }
}
