package org.cairnfs.server.nfs.v3.proc;

import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.call.Nfs3Call;
import org.cairnfs.server.nfs.v3.call.Place;
import org.cairnfs.server.nfs.v3.call.Procedure;
import org.cairnfs.server.nfs.v3.call.Wire3;
import org.cairnfs.server.nfs.v4.attr.AccessRights;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * ACCESS (section 3.3.4): which of the wanted rights the caller has to a file.
 *
 * @param wanted bits of ACCESS3_*; unknown ones are not granted
 */
record CheckAccess(Bytes file, int wanted) implements Procedure {
    static CheckAccess decode(XdrReader in) throws XdrException {
        return new CheckAccess(Wire3.readHandle(in), in.readInt());
    }

    @Override
    public void execute(Nfs3Call call, XdrWriter result) throws Nfs3Exception, FsException, XdrException {
        Place place = call.enter(file);
        Attributes attributes = call.attributes(place);
        AccessRights rights = AccessRights.of(wanted, attributes.type() == FileType.DIRECTORY);
        int granted = call.fileSystem().access(call.reading(place), place.handle(), rights.modeBits());
        Wire3.writePostOp(result, call, attributes);
        result.writeInt(rights.granted(granted));
    }

    @Override
    public void encodeFailure(Nfs3Call call, XdrWriter result) throws XdrException {
        Wire3.writePostOp(result, call, call.attributesIfAny(file));
    }
}
