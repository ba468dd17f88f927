package org.cairnfs.server.nfs.state;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.cairnfs.core.fs.FileHandle;

/** All opens of one file by one open owner; holds one pin. Guarded by the state lock. */
final class OpenState extends OwnedState {
    /** Openers that are remembered; further ones have their permission checked at each use. */
    private static final int MAX_OPENERS = 16;

    private final OpenOwner owner;
    private final Set<Integer> openers = new HashSet<>();
    private final Map<LockingOwner, LockState> locks = new HashMap<>();
    private ShareModes modes = ShareModes.NONE;

    OpenState(ClientEntry client, int number, FileHandle inode, OpenOwner owner) {
        super(client, number, inode);
        this.owner = owner;
    }

    @Override
    OpenState open() {
        return this;
    }

    @Override
    OpenOwner owner() {
        return owner;
    }

    ShareModes modes() {
        return modes;
    }

    void setModes(ShareModes other) {
        modes = other;
    }

    /** The lock states under this open, by lock owner. */
    Map<LockingOwner, LockState> locks() {
        return locks;
    }

    void addOpener(int uid) {
        if (openers.size() < MAX_OPENERS) {
            openers.add(uid);
        }
    }

    /** Who opened it, as far as it is remembered. */
    Set<Integer> openers() {
        return openers;
    }
}
