package org.cairnfs.server.nfs.v3.proc;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.call.Nfs3Call;
import org.cairnfs.server.nfs.v3.call.Procedure;
import org.cairnfs.server.nfs.v3.call.Wire3;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** PATHCONF (section 3.3.20): the limits of names and links. */
record PathConf(Bytes file) implements Procedure {
    static PathConf decode(XdrReader in) throws XdrException {
        return new PathConf(Wire3.readHandle(in));
    }

    @Override
    public void execute(Nfs3Call call, XdrWriter result) throws Nfs3Exception, FsException, XdrException {
        Wire3.writePostOp(result, call, call.attributes(call.enter(file)));
        result.writeInt(FileSystem.MAX_LINKS).writeInt(Name.MAX_BYTES);
        result.writeBoolean(true); // Longer names are refused, not cut.
        result.writeBoolean(true); // Only the super-user gives files away.
        result.writeBoolean(false).writeBoolean(true); // Case counts, and is kept.
    }

    @Override
    public void encodeFailure(Nfs3Call call, XdrWriter result) throws XdrException {
        Wire3.writePostOp(result, call, call.attributesIfAny(file));
    }
}
