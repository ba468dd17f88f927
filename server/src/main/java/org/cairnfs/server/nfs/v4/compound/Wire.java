package org.cairnfs.server.nfs.v4.compound;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.server.nfs.state.SessionId;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.named.UserAttributes;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** The small types that many operations have in common, on the wire. */
public final class Wire {
    /** NFS4_FHSIZE. */
    private static final int MAX_HANDLE_BYTES = 128;

    /** Far over the longest name, so that a name which is merely too long is told so. */
    private static final int MAX_NAME_BYTES = 8192;

    /** NFS4_OPAQUE_LIMIT. */
    private static final int MAX_OWNER_BYTES = 1024;

    private Wire() {}

    /** component4, checked: INVAL if empty, BADNAME for . and .., BADCHAR for NUL and slash, NAMETOOLONG. */
    public static Name readName(XdrReader in) throws XdrException, NfsException {
        byte[] bytes = in.readOpaque(MAX_NAME_BYTES);
        try {
            return Name.of(bytes);
        } catch (FsException e) {
            throw new NfsException(whyBad(bytes), e.getMessage());
        }
    }

    /**
     * xattrkey4 (RFC 8276 section 8.2): a name in the user namespace, without the prefix, which is not sent. INVAL if empty,
     * BADCHAR for NUL, NAMETOOLONG. A slash is as good as any other byte: it is so in Linux.
     */
    public static Name readXattrKey(XdrReader in) throws XdrException, NfsException {
        byte[] key = in.readOpaque(MAX_NAME_BYTES);
        if (key.length == 0) {
            throw new NfsException(NfsStatus.INVAL, "an empty name");
        }
        try {
            return UserAttributes.attribute(key);
        } catch (FsException e) {
            throw new NfsException(
                    e.errno() == Errno.ENAMETOOLONG ? NfsStatus.NAMETOOLONG : NfsStatus.BADCHAR, e.getMessage());
        }
    }

    private static NfsStatus whyBad(byte[] bytes) {
        if (bytes.length == 0) {
            return NfsStatus.INVAL;
        }
        if (bytes.length > Name.MAX_BYTES) {
            return NfsStatus.NAMETOOLONG;
        }
        for (byte b : bytes) {
            if (b == 0 || b == '/') {
                return NfsStatus.BADCHAR;
            }
        }
        return NfsStatus.BADNAME;
    }

    /** nfs_fh4, whatever is in it. */
    public static Bytes readHandle(XdrReader in) throws XdrException {
        return Bytes.ofTrusted(in.readOpaque(MAX_HANDLE_BYTES));
    }

    public static SessionId readSessionId(XdrReader in) throws XdrException {
        return new SessionId(in.readHyper(), in.readHyper());
    }

    public static void writeSessionId(XdrWriter out, SessionId id) throws XdrException {
        out.writeHyper(id.clientId()).writeHyper(id.number());
    }

    public static Stateid readStateid(XdrReader in) throws XdrException {
        return new Stateid(in.readInt(), in.readInt(), in.readInt(), in.readInt());
    }

    public static void writeStateid(XdrWriter out, Stateid stateid) throws XdrException {
        out.writeInt(stateid.seqid());
        out.writeInt(stateid.boot()).writeInt(stateid.client()).writeInt(stateid.number());
    }

    /** The name of an open or a lock owner, without the client id before it. */
    public static Bytes readOwner(XdrReader in) throws XdrException {
        return Bytes.ofTrusted(in.readOpaque(MAX_OWNER_BYTES));
    }

    /** change_info4, always atomic (RFC 8881 section 3.3.3). */
    public static void writeChange(XdrWriter out, DirectoryChange change) throws XdrException {
        out.writeBoolean(true).writeHyper(change.before()).writeHyper(change.after());
    }
}
