package org.cairnfs.server.nfs.v3.proc;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.call.Nfs3Call;
import org.cairnfs.server.nfs.v3.call.Place;
import org.cairnfs.server.nfs.v3.call.Procedure;
import org.cairnfs.server.nfs.v3.call.Wire3;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * COMMIT (section 3.3.21): makes what was written to a file stable, all of it whatever the range.
 *
 * @param offset start of the range, unsigned
 * @param count its length, unsigned; 0 means up to the end
 */
record Commit(Bytes file, long offset, int count) implements Procedure {
    static Commit decode(XdrReader in) throws XdrException {
        return new Commit(Wire3.readHandle(in), in.readHyper(), in.readInt());
    }

    @Override
    public void execute(Nfs3Call call, XdrWriter result) throws Nfs3Exception, FsException, XdrException {
        Place place = call.enter(file);
        call.fileSystem().commit(call.writing(place), place.handle());
        Wire3.writeUnchanged(result, call, file);
        result.writeHyper(call.fileSystem().bootVerifier());
    }

    @Override
    public void encodeFailure(Nfs3Call call, XdrWriter result) throws XdrException {
        Wire3.writeUnchanged(result, call, file);
    }
}
