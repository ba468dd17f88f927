package org.cairnfs.server.nfs.v3.proc;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.call.Nfs3Call;
import org.cairnfs.server.nfs.v3.call.Place;
import org.cairnfs.server.nfs.v3.call.Procedure;
import org.cairnfs.server.nfs.v3.call.Wire3;
import org.cairnfs.server.nfs.v4.attr.Limits;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** FSINFO (section 3.3.19): what does not change: transfer sizes and abilities. */
record FsInfo(Bytes root) implements Procedure {
    private static final int PREFERRED_MULTIPLE = 4096;
    private static final int READDIR_BYTES = 64 << 10;

    private static final int FSF3_LINK = 0x01;
    private static final int FSF3_SYMLINK = 0x02;
    private static final int FSF3_HOMOGENEOUS = 0x08;
    private static final int FSF3_CANSETTIME = 0x10;

    static FsInfo decode(XdrReader in) throws XdrException {
        return new FsInfo(Wire3.readHandle(in));
    }

    @Override
    public void execute(Nfs3Call call, XdrWriter result) throws Nfs3Exception, FsException, XdrException {
        Place place = call.enter(root);
        Wire3.writePostOp(result, call, call.attributes(place));
        Limits limits = call.services().limits();
        result.writeInt(limits.maxRead()).writeInt(limits.maxRead()).writeInt(PREFERRED_MULTIPLE);
        result.writeInt(limits.maxWrite()).writeInt(limits.maxWrite()).writeInt(PREFERRED_MULTIPLE);
        result.writeInt(READDIR_BYTES).writeHyper(FileSystem.MAX_FILE_SIZE);
        Wire3.writeTime(result, 1);
        result.writeInt(FSF3_LINK | FSF3_SYMLINK | FSF3_HOMOGENEOUS | FSF3_CANSETTIME);
    }

    @Override
    public void encodeFailure(Nfs3Call call, XdrWriter result) throws XdrException {
        Wire3.writePostOp(result, call, call.attributesIfAny(root));
    }
}
