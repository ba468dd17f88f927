package org.cairnfs.server.nfs.state;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import java.util.function.BooleanSupplier;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;

/** Counts pins, and fails a test that calls with a lock held or unpins what is not pinned. */
final class CountingPins implements InodePins {
    private final Multiset<FileHandle> pins = HashMultiset.create();
    private BooleanSupplier isLockHeld = () -> false;
    private FileHandle stale;
    private int gracesEnded;

    @Override
    public void pin(FileHandle inode) throws FsException {
        checkNoLock();
        if (inode.equals(stale)) {
            throw new FsException(Errno.ESTALE, "gone");
        }
        pins.add(inode);
    }

    @Override
    public void unpin(FileHandle inode) {
        checkNoLock();
        if (!pins.remove(inode)) {
            throw new AssertionError(inode + " is not pinned");
        }
    }

    @Override
    public void endGrace() {
        checkNoLock();
        gracesEnded++;
    }

    int of(FileHandle inode) {
        return pins.count(inode);
    }

    int total() {
        return pins.size();
    }

    int gracesEnded() {
        return gracesEnded;
    }

    void makeStale(FileHandle inode) {
        stale = inode;
    }

    void watch(BooleanSupplier lockHeld) {
        isLockHeld = lockHeld;
    }

    private void checkNoLock() {
        if (isLockHeld.getAsBoolean()) {
            throw new AssertionError("a lock is held across a call into the file system");
        }
    }
}
