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

/** READLINK (section 3.3.5): the target of a symbolic link. */
record ReadLink(Bytes link) implements Procedure {
    static ReadLink decode(XdrReader in) throws XdrException {
        return new ReadLink(Wire3.readHandle(in));
    }

    @Override
    public void execute(Nfs3Call call, XdrWriter result) throws Nfs3Exception, FsException, XdrException {
        Place place = call.enter(link);
        Bytes target = call.fileSystem().readlink(call.reading(place), place.handle());
        Wire3.writePostOp(result, call, call.attributesIfAny(place));
        result.writeOpaque(target.toArray());
    }

    @Override
    public void encodeFailure(Nfs3Call call, XdrWriter result) throws XdrException {
        Wire3.writePostOp(result, call, call.attributesIfAny(link));
    }
}
