package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.server.nfs.state.OpenRequest;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/**
 * What OPEN asks for (share_access and share_deny, section 18.16.3).
 *
 * @param accessWord access bits, in 4.1 with what delegation is wanted
 * @param deny deny bits
 */
record OpenShare(int accessWord, int deny) {
    static final int WANT_NO_PREFERENCE = 0x0000;
    static final int WANT_READ_DELEG = 0x0100;
    static final int WANT_WRITE_DELEG = 0x0200;
    static final int WANT_ANY_DELEG = 0x0300;
    static final int WANT_NO_DELEG = 0x0400;
    static final int WANT_CANCEL = 0x0500;

    private static final int ACCESS_BITS = 0x3;
    private static final int WANT_DELEGATION_BITS = 0xFF00;
    private static final int WANT_WHEN_BITS = 0x3_0000;

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

    /** What delegation is wanted: one of the {@code WANT} constants. */
    int wanted() {
        return accessWord & WANT_DELEGATION_BITS;
    }
}
