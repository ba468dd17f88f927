package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.AttributeEncoder;
import org.cairnfs.server.nfs.v4.attr.Bitmap4;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * READDIR (section 18.23): entries of the current directory, as many as fit.
 *
 * <p>The core is asked in pages that are estimated to fit, so that memory stays bounded by the reply.
 *
 * @param cookie of the last entry that the client has, 0 from the start
 * @param verifier that came with it; ours is always 0, for cookies stay valid
 * @param nameBytes dircount: a hint how many bytes of names and cookies are wanted; unsigned, 0 for no hint
 * @param maxBytes maxcount: how long the result may be, unsigned
 */
record ReadDir(long cookie, long verifier, int nameBytes, int maxBytes, Bitmap4 requested) implements Operation {
    /** The verifier, the end of the list, and the end mark. */
    private static final int FRAME_BYTES = Long.BYTES + 2 * Integer.BYTES;

    /** Cookies below this stand for . and .., which are not listed (section 18.23.3). */
    private static final int FIRST_COOKIE = 3;

    static ReadDir decode(XdrReader in) throws XdrException {
        return new ReadDir(in.readHyper(), in.readHyper(), in.readInt(), in.readInt(), Bitmap4.decode(in));
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        compound.current();
        if (cookie != 0 && (cookie < FIRST_COOKIE || verifier != 0)) {
            throw new NfsException(cookie < FIRST_COOKIE ? NfsStatus.BAD_COOKIE : NfsStatus.NOT_SAME);
        }
        Bitmap4 wanted = AttributeEncoder.readable(requested, compound.minorVersion());
        long room = Math.min(Integer.toUnsignedLong(maxBytes), result.remaining());
        if (room < FRAME_BYTES) {
            throw new NfsException(NfsStatus.TOOSMALL, "not even an empty list fits into " + room + " bytes");
        }
        result.writeHyper(0);
        long names = nameBytes == 0 ? Long.MAX_VALUE : Integer.toUnsignedLong(nameBytes);
        DirectoryList list = new DirectoryList(result, (int) room - FRAME_BYTES, names);
        boolean end = list.fill(compound, wanted, cookie);
        if (list.isEmpty() && !end) {
            throw new NfsException(NfsStatus.TOOSMALL, "not one entry fits into " + room + " bytes");
        }
        result.writeBoolean(false).writeBoolean(end);
        return NfsStatus.OK;
    }
}
