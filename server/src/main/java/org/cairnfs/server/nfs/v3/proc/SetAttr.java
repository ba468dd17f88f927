package org.cairnfs.server.nfs.v3.proc;

import java.util.Optional;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.call.Nfs3Call;
import org.cairnfs.server.nfs.v3.call.Place;
import org.cairnfs.server.nfs.v3.call.Procedure;
import org.cairnfs.server.nfs.v3.call.Sattr3;
import org.cairnfs.server.nfs.v3.call.Time3;
import org.cairnfs.server.nfs.v3.call.Wire3;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * SETATTR (section 3.3.2): sets attributes of a file; all of them or none.
 *
 * @param guard the ctime that the file must have, looked at in the same step; null for any
 */
record SetAttr(Bytes file, Sattr3 wanted, Time3 guard) implements Procedure {
    static SetAttr decode(XdrReader in) throws XdrException {
        return new SetAttr(Wire3.readHandle(in), Sattr3.decode(in), in.readOptional() ? Time3.decode(in) : null);
    }

    @Override
    public void execute(Nfs3Call call, XdrWriter result) throws Nfs3Exception, FsException, XdrException {
        Place place = call.enter(file);
        SetAttributes values = wanted.values();
        OpContext op = call.changing(place);
        if (guard != null) {
            op.requireCtime(guard.nanos());
        }
        Attributes after = Resizing.set(call, op, place, values);
        Wire3.writeChange(result, call, op.prior(), Optional.of(after));
    }

    @Override
    public void encodeFailure(Nfs3Call call, XdrWriter result) throws XdrException {
        Wire3.writeUnchanged(result, call, file);
    }
}
