package org.cairnfs.server.nfs.state;

import org.cairnfs.core.fs.Bytes;

/**
 * EXCHANGE_ID of 4.1 (RFC 8881 section 18.35).
 *
 * @param principal who asks
 * @param verifier the client's boot verifier, as 8 bytes big-endian
 * @param owner co_ownerid, 1 to 1,024 bytes
 * @param flags eia_flags as they came
 * @param protection spa_how as it came: 0 none, 1 machine credential, 2 SSV
 */
public record ExchangeIdRequest(Principal principal, long verifier, Bytes owner, int flags, int protection) {
    public static final int SUPP_MOVED_REFER = 0x0000_0001;
    public static final int SUPP_MOVED_MIGR = 0x0000_0002;
    /** Of 4.2 (RFC 8178): bind principal to state id. */
    public static final int BIND_PRINC_STATEID = 0x0000_0100;

    public static final int USE_NON_PNFS = 0x0001_0000;
    public static final int USE_PNFS_MDS = 0x0002_0000;
    public static final int USE_PNFS_DS = 0x0004_0000;
    public static final int UPDATE_CONFIRMED_RECORD = 0x4000_0000;
    /** Only in replies. */
    public static final int CONFIRMED = 0x8000_0000;
}
