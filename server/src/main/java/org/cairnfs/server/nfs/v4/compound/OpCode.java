package org.cairnfs.server.nfs.v4.compound;

import java.util.Optional;

/**
 * The operations of NFSv4 by number (nfs_opnum4, RFC 7530 section 16, RFC 8881 section 18, RFC 7862 section 15, RFC 8276
 * section 8.4), and in which minor versions each exists.
 */
public enum OpCode {
    ACCESS(3),
    CLOSE(4),
    COMMIT(5),
    CREATE(6),
    DELEGPURGE(7),
    DELEGRETURN(8),
    GETATTR(9),
    GETFH(10),
    LINK(11),
    LOCK(12),
    LOCKT(13),
    LOCKU(14),
    LOOKUP(15),
    LOOKUPP(16),
    NVERIFY(17),
    OPEN(18),
    OPENATTR(19),
    OPEN_CONFIRM(20, 0, 0),
    OPEN_DOWNGRADE(21),
    PUTFH(22),
    PUTPUBFH(23),
    PUTROOTFH(24),
    READ(25),
    READDIR(26),
    READLINK(27),
    REMOVE(28),
    RENAME(29),
    RENEW(30, 0, 0),
    RESTOREFH(31),
    SAVEFH(32),
    SECINFO(33),
    SETATTR(34),
    SETCLIENTID(35, 0, 0),
    SETCLIENTID_CONFIRM(36, 0, 0),
    VERIFY(37),
    WRITE(38),
    RELEASE_LOCKOWNER(39, 0, 0),
    BACKCHANNEL_CTL(40, 1),
    BIND_CONN_TO_SESSION(41, 1),
    EXCHANGE_ID(42, 1),
    CREATE_SESSION(43, 1),
    DESTROY_SESSION(44, 1),
    FREE_STATEID(45, 1),
    GET_DIR_DELEGATION(46, 1),
    GETDEVICEINFO(47, 1),
    GETDEVICELIST(48, 1),
    LAYOUTCOMMIT(49, 1),
    LAYOUTGET(50, 1),
    LAYOUTRETURN(51, 1),
    SECINFO_NO_NAME(52, 1),
    SEQUENCE(53, 1),
    SET_SSV(54, 1),
    TEST_STATEID(55, 1),
    WANT_DELEGATION(56, 1),
    DESTROY_CLIENTID(57, 1),
    RECLAIM_COMPLETE(58, 1),
    ALLOCATE(59, 2),
    COPY(60, 2),
    COPY_NOTIFY(61, 2),
    DEALLOCATE(62, 2),
    IO_ADVISE(63, 2),
    LAYOUTERROR(64, 2),
    LAYOUTSTATS(65, 2),
    OFFLOAD_CANCEL(66, 2),
    OFFLOAD_STATUS(67, 2),
    READ_PLUS(68, 2),
    SEEK(69, 2),
    WRITE_SAME(70, 2),
    CLONE(71, 2),
    GETXATTR(72, 2),
    SETXATTR(73, 2),
    LISTXATTRS(74, 2),
    REMOVEXATTR(75, 2);

    /** The number with which a result names an operation that does not exist (RFC 8881 section 18.52). */
    public static final int ILLEGAL = 10044;

    private static final int NEWEST = Integer.MAX_VALUE;
    private static final OpCode[] BY_NUMBER = new OpCode[76];

    static {
        for (OpCode code : values()) {
            BY_NUMBER[code.number] = code;
        }
    }

    private final int number;
    private final int since;
    private final int until;

    OpCode(int number) {
        this(number, 0);
    }

    OpCode(int number, int since) {
        this(number, since, NEWEST);
    }

    OpCode(int number, int since, int until) {
        this.number = number;
        this.since = since;
        this.until = until;
    }

    public int number() {
        return number;
    }

    /** Whether a minor version still has it; one that it had before answers NOTSUPP (RFC 8881 section 18). */
    public boolean isIn(int minorVersion) {
        return since <= minorVersion && minorVersion <= until;
    }

    /** Whether it may stand alone in a COMPOUND without SEQUENCE (RFC 8881 section 18.46.3). */
    public boolean needsNoSession() {
        return switch (this) {
            case EXCHANGE_ID, CREATE_SESSION, DESTROY_SESSION, BIND_CONN_TO_SESSION, DESTROY_CLIENTID -> true;
            default -> false;
        };
    }

    /** The operation of a number that the minor version knows, be it to refuse it; empty if it is illegal there. */
    public static Optional<OpCode> of(int number, int minorVersion) {
        OpCode code = number < 0 || number >= BY_NUMBER.length ? null : BY_NUMBER[number];
        return code == null || code.since > minorVersion ? Optional.empty() : Optional.of(code);
    }
}
