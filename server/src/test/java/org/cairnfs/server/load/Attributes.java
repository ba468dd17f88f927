package org.cairnfs.server.load;

import java.util.Arrays;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.attr.Bitmap4;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/** What the load asks of files: the attributes that the client of the Linux kernel wants of each file that it meets. */
final class Attributes {
    private static final int MAX = 1 << 16;

    /** In the order of their numbers. */
    private static final Attr[] USUAL = {
        Attr.TYPE,
        Attr.CHANGE,
        Attr.SIZE,
        Attr.FSID,
        Attr.FILEID,
        Attr.MODE,
        Attr.NUMLINKS,
        Attr.OWNER,
        Attr.OWNER_GROUP,
        Attr.RAWDEV,
        Attr.SPACE_USED,
        Attr.TIME_ACCESS,
        Attr.TIME_METADATA,
        Attr.TIME_MODIFY,
        Attr.MOUNTED_ON_FILEID
    };

    private static final Bitmap4 ASKED =
            Bitmap4.of(Arrays.stream(USUAL).mapToInt(Attr::number).toArray());

    private Attributes() {}

    static Op getAttr() {
        return Ops.getAttr(USUAL);
    }

    static Op readDir(long cookie, long verifier) {
        return Ops.readDir(cookie, verifier, 1 << 15, 1 << 17, USUAL);
    }

    /** The values of a fattr4, whatever they are. */
    static XdrReader read(Results results) throws XdrException {
        Bitmap4.decode(results.in());
        return new XdrReader(results.in().readOpaqueSlice(MAX));
    }

    /** Passes over a fattr4. */
    static void skip(XdrReader in) throws XdrException {
        Bitmap4.decode(in);
        in.skipOpaque(MAX);
    }

    /** The FILEID in the fattr4 of an answer. */
    static long fileId(Results results) throws XdrException, Results.FailedException {
        Bitmap4 present = Bitmap4.decode(results.in());
        XdrReader values = new XdrReader(results.in().readOpaqueSlice(MAX));
        if (!present.equals(ASKED)) {
            throw new Results.FailedException("GETATTR other attributes than were asked for: " + present);
        }
        values.readInt();
        for (int i = 0; i < 4; i++) {
            // change, size, and both halves of fsid
            values.readHyper();
        }
        return values.readHyper();
    }
}
