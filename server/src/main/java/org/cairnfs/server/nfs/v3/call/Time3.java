package org.cairnfs.server.nfs.v3.call;

import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/**
 * A time as it is on the wire (nfstime3, RFC 1813 section 2.6).
 *
 * @param seconds since 1970, unsigned 32 bits
 * @param fraction nanoseconds, unsigned 32 bits, not checked yet
 */
public record Time3(long seconds, long fraction) {
    /** Stands for the server's clock. */
    static final Time3 SERVER = new Time3(-1, -1);

    private static final int NANOS_PER_SECOND = 1_000_000_000;

    public static Time3 decode(XdrReader in) throws XdrException {
        return new Time3(in.readUnsignedInt(), in.readUnsignedInt());
    }

    /** Nanoseconds since the epoch; INVAL if the fraction is a second or more. */
    public long nanos() throws Nfs3Exception {
        if (fraction >= NANOS_PER_SECOND) {
            throw new Nfs3Exception(Nfs3Status.INVAL, "a time with too many nanoseconds");
        }
        return seconds * NANOS_PER_SECOND + fraction;
    }
}
