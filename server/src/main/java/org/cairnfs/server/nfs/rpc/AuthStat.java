package org.cairnfs.server.nfs.rpc;

/** Why authentication failed (auth_stat, RFC 5531 section 9; the last two RFC 2203 section 5.3.3.3). */
public enum AuthStat {
    AUTH_BADCRED(1),
    AUTH_REJECTEDCRED(2),
    AUTH_BADVERF(3),
    AUTH_REJECTEDVERF(4),
    AUTH_TOOWEAK(5),
    RPCSEC_GSS_CREDPROBLEM(13),
    RPCSEC_GSS_CTXPROBLEM(14);

    private final int code;

    AuthStat(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }
}
