package org.cairnfs.server.nfs.state;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileHandle;

/**
 * A read delegation: until the client returns it, nobody else changes the file. Guarded by the state lock.
 *
 * <p>It is held, then may be being recalled (and the recall is queued, sent, or taken by the client), and may in the end be revoked: then
 * it protects nothing, and a 4.1 client's stateid is kept until the client has freed it.
 */
final class DelegationState extends FileState {
    /** How far its recall is. */
    enum Recall {
        NONE,
        /** To be sent, now or when the client can be called. */
        QUEUED,
        SENT,
        /** The client said that it will return it. */
        TAKEN
    }

    private final Bytes handle;
    private final int uid;
    private Recall recall = Recall.NONE;
    private long recalledAt;
    private int disowned;
    private boolean revoked;

    DelegationState(ClientEntry client, int number, FileHandle inode, Bytes handle, int uid) {
        super(client, number, inode);
        this.handle = handle;
        this.uid = uid;
    }

    @Override
    int access() {
        return OpenRequest.READ;
    }

    @Override
    boolean wasOpenedBy(int who) {
        return who == uid;
    }

    /** The file as the client knows it, in its wire form. */
    Bytes handle() {
        return handle;
    }

    Recall recall() {
        return recall;
    }

    void setRecall(Recall other) {
        recall = other;
    }

    /** Begins its recall. */
    void beginRecall(long now) {
        recall = Recall.QUEUED;
        recalledAt = now;
    }

    /** When its recall began. */
    long recalledAt() {
        return recalledAt;
    }

    /** The client says that it does not have it; how often it said so. */
    int disown() {
        return ++disowned;
    }

    boolean isRevoked() {
        return revoked;
    }

    void revoke() {
        revoked = true;
    }
}
