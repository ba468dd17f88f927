package org.cairnfs.server.nfs.v3.proc;

import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.DeviceNumber;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.call.Entry3;
import org.cairnfs.server.nfs.v3.call.Nfs3Call;
import org.cairnfs.server.nfs.v3.call.Procedure;
import org.cairnfs.server.nfs.v3.call.Sattr3;
import org.cairnfs.server.nfs.v3.call.Wire3;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** MKDIR (section 3.3.9): makes a directory. */
record MkDir(Entry3 entry, Sattr3 attributes) implements Procedure {
    static MkDir decode(XdrReader in) throws XdrException {
        return new MkDir(Entry3.decode(in), Sattr3.decode(in));
    }

    @Override
    public void execute(Nfs3Call call, XdrWriter result) throws Nfs3Exception, FsException, XdrException {
        NewNode.make(
                call,
                result,
                entry,
                new CreateRequest(
                        FileType.DIRECTORY, NewNode.withoutSize(attributes), DeviceNumber.NONE, null, null, false));
    }

    @Override
    public void encodeFailure(Nfs3Call call, XdrWriter result) throws XdrException {
        Wire3.writeUnchanged(result, call, entry.directory());
    }
}
