package org.cairnfs.server.nfs.state;

/**
 * The name of an open or a lock state on the wire (RFC 7530 section 9.1.4, RFC 8881 section 8.2): a sequence number and
 * 12 other bytes, which here are three numbers, big-endian.
 *
 * @param seqid raised with each change of the state; unsigned, wraps from 2^32 - 1 to 1
 * @param boot low bits of the server's incarnation: tells stale ones
 * @param client low bits of the client id: tells those of expired clients
 * @param number random, unique for the client
 */
public record Stateid(int seqid, int boot, int client, int number) {
    /** All zeros: I/O without an open. */
    public static final Stateid ANONYMOUS = new Stateid(0, 0, 0, 0);

    /** All ones: READ past byte-range locks; for anything else, like {@link #ANONYMOUS}. */
    public static final Stateid READ_BYPASS = new Stateid(-1, -1, -1, -1);

    /**
     * Of 4.1: the stateid that the last operation of the COMPOUND gave (RFC 8881 section 16.2.3.1.2). The caller puts that
     * in its place before it calls; here it is BAD_STATEID.
     */
    public static final Stateid CURRENT = new Stateid(1, 0, 0, 0);

    /** Of 4.1: a stateid that is never valid, which clears the current one. */
    public static final Stateid INVALID = new Stateid(-1, 0, 0, 0);

    /** Whether this is one of the reserved values: other bytes all zero or all one. */
    public boolean isSpecial() {
        return (boot == 0 && client == 0 && number == 0) || (boot == -1 && client == -1 && number == -1);
    }

    /** Whether it allows I/O without an open: {@link #ANONYMOUS} or {@link #READ_BYPASS}. */
    public boolean isAnonymousIo() {
        return equals(ANONYMOUS) || equals(READ_BYPASS);
    }

    /** The id of the client that it was given to; 0 if it is a special one. */
    public long clientId() {
        return isSpecial() ? 0 : ((long) boot << Integer.SIZE) | Integer.toUnsignedLong(client);
    }

    Stateid withSeqid(int other) {
        return new Stateid(other, boot, client, number);
    }
}
