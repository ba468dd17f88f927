package org.cairnfs.server.nfs.v3.proc;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.DirectoryChange;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.call.DirectoryWatch;
import org.cairnfs.server.nfs.v3.call.Entry3;
import org.cairnfs.server.nfs.v3.call.Nfs3Call;
import org.cairnfs.server.nfs.v3.call.Place;
import org.cairnfs.server.nfs.v3.call.Procedure;
import org.cairnfs.server.nfs.v3.call.Wire3;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** LINK (section 3.3.15): gives a file one more name. */
record Link(Bytes file, Entry3 entry) implements Procedure {
    static Link decode(XdrReader in) throws XdrException {
        return new Link(Wire3.readHandle(in), Entry3.decode(in));
    }

    @Override
    public void execute(Nfs3Call call, XdrWriter result) throws Nfs3Exception, FsException, XdrException {
        Place place = call.enter(file);
        Place directory = call.enter(entry.directory());
        OpContext op = call.moving(place, directory);
        DirectoryWatch watch = DirectoryWatch.of(call, directory);
        DirectoryChange change = call.fileSystem().link(op, place.handle(), directory.handle(), entry.newName());
        Wire3.writePostOp(result, call, call.attributesIfAny(place));
        watch.write(result, change);
    }

    @Override
    public void encodeFailure(Nfs3Call call, XdrWriter result) throws XdrException {
        Wire3.writePostOp(result, call, call.attributesIfAny(file));
        Wire3.writeUnchanged(result, call, entry.directory());
    }
}
