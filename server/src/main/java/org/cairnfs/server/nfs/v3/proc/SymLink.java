package org.cairnfs.server.nfs.v3.proc;

import org.cairnfs.core.fs.Bytes;
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

/** SYMLINK (section 3.3.10): makes a symbolic link. */
record SymLink(Entry3 entry, Sattr3 attributes, Bytes target) implements Procedure {
    /** Over the longest target, so that one which is merely too long is told so. */
    private static final int MAX_TARGET_BYTES = 8192;

    static SymLink decode(XdrReader in) throws XdrException {
        return new SymLink(Entry3.decode(in), Sattr3.decode(in), Bytes.ofTrusted(in.readString(MAX_TARGET_BYTES)));
    }

    @Override
    public void execute(Nfs3Call call, XdrWriter result) throws Nfs3Exception, FsException, XdrException {
        NewNode.make(
                call,
                result,
                entry,
                new CreateRequest(
                        FileType.SYMLINK, NewNode.withoutSize(attributes), DeviceNumber.NONE, target, null, false));
    }

    @Override
    public void encodeFailure(Nfs3Call call, XdrWriter result) throws XdrException {
        Wire3.writeUnchanged(result, call, entry.directory());
    }
}
