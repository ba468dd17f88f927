package org.cairnfs.server.nfs.rpc;

/** Why an accepted call was not carried out (accept_stat, RFC 5531 section 9); SUCCESS is sent by a reply. */
public enum AcceptStat {
    PROG_UNAVAIL(1),
    PROG_MISMATCH(2),
    PROC_UNAVAIL(3),
    GARBAGE_ARGS(4),
    SYSTEM_ERR(5);

    private final int code;

    AcceptStat(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }
}
