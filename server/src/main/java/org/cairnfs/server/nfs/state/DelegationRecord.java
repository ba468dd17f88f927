package org.cairnfs.server.nfs.state;

/** What stable storage knows of a client's delegations. */
public enum DelegationRecord {
    /** It has never had one. */
    NONE(0),
    /** One was revoked: after a restart of the server it reclaims none, as it may not have noticed. */
    LOST(1),
    /** It has had some, and may reclaim them after a restart: until then others are not to change files. */
    GIVEN(2);

    private final int code;

    DelegationRecord(int code) {
        this.code = code;
    }

    /** By which it is known in stable storage. */
    byte code() {
        return (byte) code;
    }

    /** The one of a code; what a later program may have written is taken for the worst. */
    static DelegationRecord ofCode(byte code) {
        return switch (code) {
            case 0 -> NONE;
            case 2 -> GIVEN;
            default -> LOST;
        };
    }
}
