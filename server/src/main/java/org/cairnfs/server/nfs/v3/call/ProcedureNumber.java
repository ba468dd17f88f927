package org.cairnfs.server.nfs.v3.call;

import java.util.Optional;
import org.cairnfs.server.nfs.rpc.ReplyCache;

/** The procedures of NFSv3 (RFC 1813 section 3.3), in the order of their numbers. */
public enum ProcedureNumber {
    NULL(0, false),
    GETATTR(1, false),
    SETATTR(2, true),
    LOOKUP(3, false),
    ACCESS(4, false),
    READLINK(5, false),
    READ(6, false),
    WRITE(7, true),
    CREATE(8, true),
    MKDIR(9, true),
    SYMLINK(10, true),
    MKNOD(11, true),
    REMOVE(12, true),
    RMDIR(13, true),
    RENAME(14, true),
    LINK(15, true),
    READDIR(16, false),
    READDIRPLUS(17, false),
    FSSTAT(18, false),
    FSINFO(19, false),
    PATHCONF(20, false),
    COMMIT(21, false);

    private static final ProcedureNumber[] ALL = values();

    private final int number;
    private final boolean once;

    ProcedureNumber(int number, boolean once) {
        this.number = number;
        this.once = once;
    }

    /** The number on the wire. */
    public int number() {
        return number;
    }

    /** The procedure of a number on the wire. */
    public static Optional<ProcedureNumber> of(int number) {
        return number < 0 || number >= ALL.length ? Optional.empty() : Optional.of(ALL[number]);
    }

    /**
     * Whether doing it twice is not the same as doing it once: a resend is answered from the {@link ReplyCache}. WRITE is
     * among them, as one that comes late must not undo a later one.
     */
    public boolean isOnce() {
        return once;
    }
}
