package org.cairnfs.server.nfs.v3.call;

import java.util.Optional;

/** The procedures of NFSv3 (RFC 1813 section 3.3), in the order of their numbers. */
public enum ProcedureNumber {
    NULL(false),
    GETATTR(false),
    SETATTR(true),
    LOOKUP(false),
    ACCESS(false),
    READLINK(false),
    READ(false),
    WRITE(true),
    CREATE(true),
    MKDIR(true),
    SYMLINK(true),
    MKNOD(true),
    REMOVE(true),
    RMDIR(true),
    RENAME(true),
    LINK(true),
    READDIR(false),
    READDIRPLUS(false),
    FSSTAT(false),
    FSINFO(false),
    PATHCONF(false),
    COMMIT(false);

    private static final ProcedureNumber[] ALL = values();

    private final boolean once;

    ProcedureNumber(boolean once) {
        this.once = once;
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
