package org.cairnfs.server.nfs.state;

import org.cairnfs.core.fs.FileHandle;

/** What a stateid names: an open, the locks of an owner, or a delegation, on one file. Guarded by the state lock. */
abstract sealed class FileState permits OwnedState, DelegationState {
    private final ClientEntry client;
    private final int number;
    private final FileHandle inode;
    private int seqid = 1;
    private boolean closed;

    FileState(ClientEntry client, int number, FileHandle inode) {
        this.client = client;
        this.number = number;
        this.inode = inode;
    }

    ClientEntry client() {
        return client;
    }

    int number() {
        return number;
    }

    FileHandle inode() {
        return inode;
    }

    /** What I/O may be done under this stateid: bits of {@link OpenRequest#READ} and {@link OpenRequest#WRITE}. */
    abstract int access();

    /** Whether it came with an OPEN by this user, whose permission needs no second look. */
    abstract boolean wasOpenedBy(int uid);

    /** Whether it may be used: of a 4.0 owner, only after OPEN_CONFIRM. */
    boolean isConfirmed() {
        return true;
    }

    /** The stateid as it is now. */
    Stateid stateid() {
        return new Stateid(seqid, (int) (client.id() >>> Integer.SIZE), (int) client.id(), number);
    }

    /** The stateid after one more change. */
    Stateid changed() {
        seqid = seqid == -1 ? 1 : seqid + 1;
        return stateid();
    }

    /** Takes {@link #changed} back, of which nobody was told; not if there was another change since. */
    void unchanged(Stateid told) {
        if (seqid == told.seqid()) {
            seqid = seqid == 1 ? -1 : seqid - 1;
        }
    }

    int seqid() {
        return seqid;
    }

    /** Goes on where another state of the same number was. */
    void continueFrom(FileState other) {
        seqid = other.seqid;
    }

    /** Whether it is kept only so that a resent CLOSE finds its owner, or a client that uses it as if it had not closed the file. */
    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
    }
}
