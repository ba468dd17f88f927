package org.cairnfs.server.nfs.v3.proc;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.call.Nfs3Call;
import org.cairnfs.server.nfs.v3.call.Place;
import org.cairnfs.server.nfs.v3.call.Procedure;
import org.cairnfs.server.nfs.v3.call.Wire3;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** GETATTR (section 3.3.1): the attributes of a file. */
record GetAttr(Bytes file) implements Procedure {
    static GetAttr decode(XdrReader in) throws XdrException {
        return new GetAttr(Wire3.readHandle(in));
    }

    @Override
    public void execute(Nfs3Call call, XdrWriter result) throws Nfs3Exception, FsException, XdrException {
        Place place = call.enter(file);
        Wire3.writeAttributes(result, place.handle().fileSystem(), call.attributes(place));
    }

    @Override
    public void encodeFailure(Nfs3Call call, XdrWriter result) {
        // Nothing follows the status.
    }
}
