package org.cairnfs.server.nfs.v3.call;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/**
 * A name in a directory as a client sends it (diropargs3, RFC 1813 section 2.6), not checked yet: a call with a bad handle or
 * name is answered in its own form.
 *
 * @param directory nfs_fh3
 * @param rawName filename3
 */
public record Entry3(Bytes directory, Bytes rawName) {
    private static final Bytes DOT = Bytes.ofTrusted(new byte[] {'.'});
    private static final Bytes DOT_DOT = Bytes.ofTrusted(new byte[] {'.', '.'});

    /** Far over the longest name, so that a name which is merely too long is told so. */
    private static final int MAX_NAME_BYTES = 8192;

    public static Entry3 decode(XdrReader in) throws XdrException {
        return new Entry3(Wire3.readHandle(in), Bytes.ofTrusted(in.readString(MAX_NAME_BYTES)));
    }

    public boolean isDot() {
        return rawName.equals(DOT);
    }

    public boolean isDotDot() {
        return rawName.equals(DOT_DOT);
    }

    /** The name; NAMETOOLONG, or INVAL if it is empty, one of the dots, or has a NUL or a slash. */
    public Name name() throws Nfs3Exception {
        return name(Nfs3Status.INVAL);
    }

    /** The same of a name that is to be made: the dots exist. */
    public Name newName() throws Nfs3Exception {
        return name(Nfs3Status.EXIST);
    }

    private Name name(Nfs3Status ifDots) throws Nfs3Exception {
        if (isDot() || isDotDot()) {
            throw new Nfs3Exception(ifDots, "the name " + (isDot() ? "." : ".."));
        }
        try {
            return Name.of(rawName.toArray());
        } catch (FsException e) {
            throw new Nfs3Exception(Nfs3Status.of(e.errno()), e.getMessage());
        }
    }
}
