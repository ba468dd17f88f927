package org.cairnfs.server.nfs.state;

/** The byte-range locks of one lock owner under one open; the ranges are in {@code core.lock}. Guarded by the state lock. */
final class LockState extends OwnedState {
    private final OpenState open;
    private final LockingOwner owner;

    LockState(int number, OpenState open, LockingOwner owner) {
        super(open.client(), number, open.inode());
        this.open = open;
        this.owner = owner;
    }

    @Override
    OpenState open() {
        return open;
    }

    @Override
    LockingOwner owner() {
        return owner;
    }
}
