package org.cairnfs.server.nfs.state;

import org.cairnfs.core.fs.FileHandle;

/** A state that belongs to an open or a lock owner. Guarded by the state lock. */
abstract sealed class OwnedState extends FileState permits OpenState, LockState {
    OwnedState(ClientEntry client, int number, FileHandle inode) {
        super(client, number, inode);
    }

    /** The open that I/O under this stateid goes by. */
    abstract OpenState open();

    /** Whose sequence operations on this stateid belong to. */
    abstract StateOwner owner();

    @Override
    int access() {
        return open().modes().access();
    }

    @Override
    boolean wasOpenedBy(int uid) {
        return open().openers().contains(uid);
    }

    @Override
    boolean isConfirmed() {
        return open().owner().isConfirmed();
    }
}
