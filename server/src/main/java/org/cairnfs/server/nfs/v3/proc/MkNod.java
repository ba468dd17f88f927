package org.cairnfs.server.nfs.v3.proc;

import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.DeviceNumber;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.v3.call.Entry3;
import org.cairnfs.server.nfs.v3.call.Nfs3Call;
import org.cairnfs.server.nfs.v3.call.Procedure;
import org.cairnfs.server.nfs.v3.call.Sattr3;
import org.cairnfs.server.nfs.v3.call.Wire3;
import org.cairnfs.server.nfs.v4.attr.Ftype4;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * MKNOD (section 3.3.11): makes a device, a FIFO or a socket.
 *
 * @param type ftype3 as it came; others than those have no attributes
 */
record MkNod(Entry3 entry, int type, Sattr3 attributes, DeviceNumber device) implements Procedure {
    static MkNod decode(XdrReader in) throws XdrException {
        Entry3 entry = Entry3.decode(in);
        int type = in.readInt();
        return switch (type) {
            case Ftype4.NF4BLK, Ftype4.NF4CHR ->
                new MkNod(entry, type, Sattr3.decode(in), new DeviceNumber(in.readInt(), in.readInt()));
            case Ftype4.NF4SOCK, Ftype4.NF4FIFO -> new MkNod(entry, type, Sattr3.decode(in), DeviceNumber.NONE);
            default -> new MkNod(entry, type, Sattr3.NONE, DeviceNumber.NONE);
        };
    }

    @Override
    public void execute(Nfs3Call call, XdrWriter result) throws Nfs3Exception, FsException, XdrException {
        NewNode.make(
                call,
                result,
                entry,
                new CreateRequest(made(), NewNode.withoutSize(attributes), device, null, null, false));
    }

    private FileType made() throws Nfs3Exception {
        return Ftype4.type(type)
                .filter(known -> known != FileType.REGULAR && known != FileType.DIRECTORY && known != FileType.SYMLINK)
                .orElseThrow(() -> new Nfs3Exception(Nfs3Status.BADTYPE, "cannot be made: type " + type));
    }

    @Override
    public void encodeFailure(Nfs3Call call, XdrWriter result) throws XdrException {
        Wire3.writeUnchanged(result, call, entry.directory());
    }
}
