package org.cairnfs.server.nfs.v3.call;

import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.SetTime;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/**
 * The attributes that a client wants to set (sattr3, RFC 1813 section 2.6); null is left as it is.
 *
 * @param size unsigned, not checked yet
 * @param atime of the client if it is a {@link Time3}
 */
public record Sattr3(Integer mode, Integer uid, Integer gid, Long size, Time3 atime, Time3 mtime) {
    private static final int PERMISSION_BITS = 07777;
    private static final int DONT_CHANGE = 0;
    private static final int SET_TO_SERVER_TIME = 1;
    private static final int SET_TO_CLIENT_TIME = 2;

    /** Nothing to set. */
    public static final Sattr3 NONE = new Sattr3(null, null, null, null, null, null);

    public static Sattr3 decode(XdrReader in) throws XdrException {
        Integer mode = in.readOptional() ? in.readInt() & PERMISSION_BITS : null;
        Integer uid = in.readOptional() ? in.readInt() : null;
        Integer gid = in.readOptional() ? in.readInt() : null;
        Long size = in.readOptional() ? in.readHyper() : null;
        return new Sattr3(mode, uid, gid, size, readTime(in), readTime(in));
    }

    private static Time3 readTime(XdrReader in) throws XdrException {
        int how = in.readInt();
        return switch (how) {
            case DONT_CHANGE -> null;
            case SET_TO_SERVER_TIME -> Time3.SERVER;
            case SET_TO_CLIENT_TIME -> Time3.decode(in);
            default -> throw new XdrException("time_how is " + how);
        };
    }

    /** What is to be set: FBIG for an impossible size, INVAL for an impossible time. */
    public SetAttributes values() throws Nfs3Exception {
        if (size != null && size < 0) {
            throw new Nfs3Exception(Nfs3Status.FBIG, "a size over 2^63-1");
        }
        return new SetAttributes(mode, uid, gid, size, value(atime), value(mtime));
    }

    private static SetTime value(Time3 time) throws Nfs3Exception {
        if (time == null) {
            return null;
        }
        return time.equals(Time3.SERVER) ? SetTime.NOW : new SetTime.At(time.nanos());
    }
}
