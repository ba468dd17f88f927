package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.server.nfs.state.OpenRequest;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * What OPEN asks for (share_access and share_deny, section 18.16.3).
 *
 * @param accessWord access bits, in 4.1 with what delegation is wanted
 * @param deny deny bits
 */
record OpenShare(int accessWord, int deny) {
    private static final int ACCESS_BITS = 0x3;
    private static final int WANT_DELEGATION_BITS = 0xFF00;
    private static final int WANT_WHEN_BITS = 0x3_0000;
    private static final int WANT_NO_PREFERENCE = 0x0000;
    private static final int WANT_NO_DELEG = 0x0400;
    private static final int WANT_CANCEL = 0x0500;

    private static final int OPEN_DELEGATE_NONE = 0;
    private static final int OPEN_DELEGATE_NONE_EXT = 3;
    private static final int WND4_NOT_WANTED = 0;
    private static final int WND4_RESOURCE = 2;
    private static final int WND4_CANCELLED = 7;

    /** Bits of {@link OpenRequest#READ} and {@link OpenRequest#WRITE}. */
    int access() {
        return accessWord & ACCESS_BITS;
    }

    /** INVAL if access or deny cannot be. */
    void check(int minorVersion) throws NfsException {
        int allowed = minorVersion == 0 ? ACCESS_BITS : ACCESS_BITS | WANT_DELEGATION_BITS | WANT_WHEN_BITS;
        if (access() == 0 || (accessWord & ~allowed) != 0 || (deny & ~ACCESS_BITS) != 0 || wanted() > WANT_CANCEL) {
            throw new NfsException(NfsStatus.INVAL, "no such share access or deny");
        }
    }

    private int wanted() {
        return accessWord & WANT_DELEGATION_BITS;
    }

    /** open_delegation4: none, and why, if one was asked for. */
    void writeNoDelegation(XdrWriter out) throws XdrException {
        switch (wanted()) {
            case WANT_NO_PREFERENCE -> out.writeInt(OPEN_DELEGATE_NONE);
            case WANT_NO_DELEG -> out.writeInt(OPEN_DELEGATE_NONE_EXT).writeInt(WND4_NOT_WANTED);
            case WANT_CANCEL -> out.writeInt(OPEN_DELEGATE_NONE_EXT).writeInt(WND4_CANCELLED);
            // And the server will not tell when it has one to give.
            default ->
                out.writeInt(OPEN_DELEGATE_NONE_EXT).writeInt(WND4_RESOURCE).writeBoolean(false);
        }
    }
}
