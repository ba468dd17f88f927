package org.cairnfs.server.nfs.v3.proc;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.call.Nfs3Call;
import org.cairnfs.server.nfs.v3.call.Procedure;
import org.cairnfs.server.nfs.v3.call.Wire3;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * READDIRPLUS (section 3.3.17): entries of a directory with handles and attributes, as many as fit.
 *
 * @param cookie of the last entry that the client has, 0 from the start
 * @param verifier that came with it; ours is always 0, for cookies stay valid
 * @param nameBytes dircount: how many bytes of names, cookies and file ids are wanted, unsigned
 * @param maxBytes maxcount: how long the result may be, unsigned
 */
record ReadDirPlus(Bytes directory, long cookie, long verifier, int nameBytes, int maxBytes) implements Procedure {
    static ReadDirPlus decode(XdrReader in) throws XdrException {
        return new ReadDirPlus(Wire3.readHandle(in), in.readHyper(), in.readHyper(), in.readInt(), in.readInt());
    }

    @Override
    public void execute(Nfs3Call call, XdrWriter result) throws Nfs3Exception, FsException, XdrException {
        Listing listing = new Listing(call, call.enter(directory), true);
        listing.write(result, cookie, verifier, Integer.toUnsignedLong(nameBytes), Integer.toUnsignedLong(maxBytes));
    }

    @Override
    public void encodeFailure(Nfs3Call call, XdrWriter result) throws XdrException {
        Wire3.writePostOp(result, call, call.attributesIfAny(directory));
    }
}
