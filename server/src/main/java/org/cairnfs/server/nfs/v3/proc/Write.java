package org.cairnfs.server.nfs.v3.proc;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.WriteResult;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.v3.call.Nfs3Call;
import org.cairnfs.server.nfs.v3.call.Place;
import org.cairnfs.server.nfs.v3.call.Procedure;
import org.cairnfs.server.nfs.v3.call.Wire3;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * WRITE (section 3.3.7): puts bytes into a file. They are taken from the call as they lie there.
 *
 * @param offset unsigned
 * @param stable whether it must survive power loss when it is answered (DATA_SYNC and FILE_SYNC)
 * @param data in the call's record
 */
record Write(Bytes file, long offset, boolean stable, ByteBuffer data) implements Procedure {
    private static final int UNSTABLE = 0;
    private static final int FILE_SYNC = 2;

    static Write decode(XdrReader in) throws XdrException {
        Bytes file = Wire3.readHandle(in);
        long offset = in.readHyper();
        int count = in.readInt();
        int how = in.readInt();
        if (how < UNSTABLE || how > FILE_SYNC) {
            throw new XdrException("stable_how is " + how);
        }
        ByteBuffer data = in.readOpaqueSlice(Integer.MAX_VALUE);
        if (count != data.remaining()) {
            throw new XdrException(
                    "count is " + Integer.toUnsignedString(count) + " of " + data.remaining() + " bytes");
        }
        return new Write(file, offset, how != UNSTABLE, data);
    }

    @Override
    public void execute(Nfs3Call call, XdrWriter result) throws Nfs3Exception, FsException, XdrException {
        Place place = call.enter(file);
        OpContext op = call.writing(place);
        if (offset < 0) {
            Read.requireRegular(call.attributes(place));
            throw new Nfs3Exception(Nfs3Status.FBIG, "beyond 2^63");
        }
        if (stable) {
            call.mustBeStable(op);
        }
        WriteResult written = call.fileSystem().write(op, place.handle(), offset, data);
        Wire3.writeChange(result, call, op.prior(), Optional.of(written.after()));
        result.writeInt(written.count()).writeInt(stable ? FILE_SYNC : UNSTABLE);
        result.writeHyper(call.fileSystem().bootVerifier());
    }

    @Override
    public void encodeFailure(Nfs3Call call, XdrWriter result) throws XdrException {
        Wire3.writeUnchanged(result, call, file);
    }
}
