package org.cairnfs.server.nfs.v3.proc;

import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.FsStatistics;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.call.Nfs3Call;
import org.cairnfs.server.nfs.v3.call.Place;
import org.cairnfs.server.nfs.v3.call.Procedure;
import org.cairnfs.server.nfs.v3.call.Wire3;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** FSSTAT (section 3.3.18): how much room there is. */
record FsStat(Bytes root) implements Procedure {
    static FsStat decode(XdrReader in) throws XdrException {
        return new FsStat(Wire3.readHandle(in));
    }

    @Override
    public void execute(Nfs3Call call, XdrWriter result) throws Nfs3Exception, FsException, XdrException {
        Place place = call.enter(root);
        Attributes attributes = call.attributes(place);
        FsStatistics is = call.fileSystem().statfs(call.reading(place), place.handle());
        Wire3.writePostOp(result, call, attributes);
        result.writeHyper(is.totalBytes()).writeHyper(is.freeBytes()).writeHyper(is.freeBytes());
        result.writeHyper(is.totalInodes()).writeHyper(is.freeInodes()).writeHyper(is.freeInodes());
        result.writeInt(0); // It may change at any moment.
    }

    @Override
    public void encodeFailure(Nfs3Call call, XdrWriter result) throws XdrException {
        Wire3.writePostOp(result, call, call.attributesIfAny(root));
    }
}
